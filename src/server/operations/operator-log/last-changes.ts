/** What people and machines changed in an environment lately: the first thing to look at when something breaks. */
import type { Db } from '../../platform/database.ts'
import { bodyOf } from '../../platform/event-body.ts'
import type { Reader } from '../../platform/messages/languages.ts'
import { say } from './messages.ts'
import { findChangeEvents } from './store.ts'

const KNOWN = ['decision.decided', 'decision.glass-broken', 'log-entry.recorded', 'change.announced'] as const

type Words = { what?: string; glassWhy?: string; number?: string; source?: string }

/** @param reader in whose language each change is named */
export const findLastChangesOf = async (db: Db, reader: Reader, environmentId: string, since: number) =>
  (await findChangeEvents(db, environmentId, since)).map((row) => {
    const { what, glassWhy, number = '', source } = bodyOf(row.disclosures ?? []) as Words
    const said = { number, what: what ?? glassWhy ?? say(reader, 'erased') }
    const known = KNOWN.find((type) => type === row.type)
    return {
      at: row.at,
      what: known ? say(reader, known, said) : say(reader, 'otherwise', { type: row.type, ...said }),
      by: row.actor_name ?? (source || say(reader, 'somebody')),
    }
  })
