/**
 * Notices within seconds that a process died. Each holds a lock of the database on its wake-up connection; the database
 * lets go of it when the process is killed, whatever the clocks say, and long before its leases run out.
 */
import type { ClientBase } from 'pg'
import { sql } from 'kysely'
import { lockSpaces } from './advisory-locks.ts'
import { systemCtx, type Ctx, type Platform } from './context.ts'

/** Longer than it takes to open a connection again that was lost: a process without one is not dead. */
const MISSED_FOR_MS = 2_000
const LOOK_EVERY_MS = 500

/** Resolves when the lock is held, which it is until the connection ends. */
export const holdLife = async (
  client: ClientBase,
  { id, number }: { readonly id: string; readonly number: number },
): Promise<void> => {
  // Our own connection of before may hold it still, until the database notices that it is gone.
  await client.query('select pg_advisory_lock($1, $2)', [lockSpaces.life, number])
  await client.query('update processes set holds_lock = true where id = $1', [id])
}

type Heir = (ctx: Ctx, processId: string) => Promise<unknown>
const heirs: Heir[] = []
/** Called while its module loads by whoever has leases beside those of tasks. What it does must be safe to do twice. */
export const whenProcessGone = (heir: Heir): void => {
  heirs.push(heir)
}

/** pg_locks shows a lock of two numbers as classid and objid. */
const missing = async ({ database, processId }: Platform): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    select p.id from processes p
    where p.holds_lock and p.stopped_at is null and p.id <> ${processId}::uuid and not exists (
      select from pg_locks l
      where l.locktype = 'advisory' and l.granted and l.classid = ${lockSpaces.life} and l.objid = p.number
        and l.objsubid = 2 and l.database = (select oid from pg_database where datname = current_database()))`.execute(
    database.db,
  )
  return rows.map(({ id }) => id)
}

const inherit = async (platform: Platform, id: string): Promise<void> => {
  const ctx = systemCtx(platform, 'gone-process')
  for (const heir of heirs) await heir(ctx, id)
  const { db } = platform.database
  await sql`update tasks set lease_until_at = null, leased_by = null where leased_by = ${id}::uuid`.execute(
    db,
  )
  await sql`update processes set stopped_at = ${platform.clock.now()} where id = ${id}::uuid`.execute(db)
  platform.log.warn({ process: id }, 'a process is gone; what it had begun goes on here')
  platform.notifier.say('tasks')
}

/** @returns to be called often: frees what those had begun that are missed for long enough */
export const lookAfterOthers = (platform: Platform): (() => Promise<void>) => {
  let missedSince = new Map<string, number>()
  let lookedAt = Number.NEGATIVE_INFINITY
  return async () => {
    const now = performance.now()
    if (now - lookedAt < LOOK_EVERY_MS) return
    lookedAt = now
    const ids = await missing(platform)
    missedSince = new Map(ids.map((id) => [id, missedSince.get(id) ?? now]))
    for (const [id, since] of missedSince) if (now - since >= MISSED_FOR_MS) await inherit(platform, id)
  }
}
