/** Who of the team asks, as a reader: their account's locale and zone. */
import type { Actor } from '../../platform/actor.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { IN_ENGLISH, type Reader } from '../../platform/messages/languages.ts'
import { findAccount } from './store.ts'

/** English for everybody else: keys, the engine, strangers, and contacts, whose sight of accounts is confined. */
export const readerOf = async (db: Db | Tx, actor: Actor): Promise<Reader> => {
  const account = actor.kind === 'person' ? await findAccount(db, actor.accountId) : undefined
  return account ? { locale: account.locale, zone: account.zone } : IN_ENGLISH
}
