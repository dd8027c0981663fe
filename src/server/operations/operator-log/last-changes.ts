/** What people changed in an environment lately: the first thing to look at when something breaks. */
import type { Db } from '../../platform/database.ts'
import { bodyOf } from '../../platform/event-body.ts'
import { findChangeEvents } from './store.ts'

const labels: Readonly<Record<string, string>> = {
  'decision.decided': 'Decision',
  'decision.glass-broken': 'Break-glass',
  'log-entry.recorded': 'Operator Log',
}

type Words = { what?: string; glassWhy?: string; number?: string }

export const findLastChangesOf = async (db: Db, environmentId: string, since: number) =>
  (await findChangeEvents(db, environmentId, since)).map((row) => {
    const { what, glassWhy, number } = bodyOf(row.disclosures ?? []) as Words
    return {
      at: row.at,
      what: `${labels[row.type] ?? row.type} ${number ?? ''}: ${what ?? glassWhy ?? '(erased)'}`,
      by: row.actor_name ?? 'somebody',
    }
  })
