/** Who runs: one row a process with its roles, version and last sign of life. */
import { hostname } from 'node:os'
import type { Generated } from 'kysely'
import type { Clock } from './clock.ts'
import type { Database, Db } from './database.ts'
import type { Log } from './log.ts'

export type ProcessRow = { readonly id: string; readonly number: number; readonly leave: () => Promise<void> }

export const HEARTBEAT_MS = 5_000
/** A process not seen for this long counts as gone. */
export const GONE_AFTER_MS = 20_000
const KEPT_MS = 30 * 24 * 3_600_000

type About = {
  readonly id: string
  readonly roles: readonly string[]
  readonly version: string
  readonly schemaVersion: number
  readonly clock: Clock
  readonly offsetMs: () => number
  readonly log: Log
}

/** Writes the row and keeps it fresh; a database that is away is met again at the next beat. */
export const announceProcess = async ({ db, pool, fence }: Database, about: About): Promise<ProcessRow> => {
  const now = about.clock.now()
  const { number } = await db
    .insertInto('processes')
    .values({
      id: about.id,
      host: hostname(),
      pid: process.pid,
      roles: [...about.roles],
      version: about.version,
      schema_version: about.schemaVersion,
      started_at: now,
      seen_at: now,
      stopped_at: null,
      clock_offset_ms: about.offsetMs(),
      holds_lock: false,
    })
    .returning('number')
    .executeTakeFirstOrThrow()
  const beat = setInterval(() => {
    fence?.look(pool).catch(() => undefined)
    db.updateTable('processes')
      // Others may have taken us for gone.
      .set({ seen_at: about.clock.now(), clock_offset_ms: about.offsetMs(), stopped_at: null })
      .where('id', '=', about.id)
      .execute()
      .catch((error: Error) =>
        about.log.warn({ err: error.message }, 'the sign of life could not be written'),
      )
  }, HEARTBEAT_MS).unref()
  return {
    id: about.id,
    number: Number(number),
    leave: async () => {
      clearInterval(beat)
      const leaving = { stopped_at: about.clock.now() }
      await db
        .updateTable('processes')
        .set(leaving)
        .where('id', '=', about.id)
        .execute()
        .catch(() => undefined)
    },
  }
}

/** Those that ended, or died without a word, are remembered for a month; returns how many are forgotten now. */
export const forgetProcesses = async (db: Db, now: number): Promise<number> => {
  const { numDeletedRows } = await db
    .deleteFrom('processes')
    .where('seen_at', '<', now - KEPT_MS)
    .executeTakeFirst()
  return Number(numDeletedRows)
}

declare module './database.ts' {
  interface Tables {
    processes: {
      id: string
      /** Given by the database. */
      number: Generated<number>
      host: string
      pid: number
      roles: string[]
      version: string
      schema_version: number
      started_at: number
      seen_at: number
      stopped_at: number | null
      clock_offset_ms: number
      holds_lock: boolean
    }
  }
}
