/** Who of the team asks, as a reader: their account's locale and zone. */
import type { Actor } from '../../platform/actor.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { IN_ENGLISH, type Reader } from '../../platform/messages/languages.ts'
import { findAccount } from './store.ts'

/** Somebody who is told something, by their account; English for whoever is gone. */
export const readerOfAccount = async (db: Db | Tx, accountId: string): Promise<Reader> => {
  const account = await findAccount(db, accountId)
  return account ? { locale: account.locale, zone: account.zone } : IN_ENGLISH
}

/** English for everybody else: keys, the engine, strangers, and contacts, whose sight of accounts is confined. */
export const readerOf = async (db: Db | Tx, actor: Actor): Promise<Reader> => {
  const account = actor.kind === 'person' ? await findAccount(db, actor.accountId) : undefined
  return account ? { locale: account.locale, zone: account.zone } : IN_ENGLISH
}
