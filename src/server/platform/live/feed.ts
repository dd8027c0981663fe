/** The live feed: every process reads new events in commit order and hands their names (never their words) to its subscribers. */
import { sql } from 'kysely'
import type { Platform } from '../context.ts'
import { eventTypes } from '../events.ts'

/** `cursor` is xid.position: the place in the one order that all processes agree on. */
export type LiveEvent = {
  readonly cursor: string
  readonly area: string
  readonly type: string
  readonly id: string
  readonly version: number
  readonly customerId: string | null
  readonly environmentId: string | null
}

export type Feed = {
  readonly subscribe: (listener: (event: LiveEvent) => void) => () => void
  /**
   * Events after a cursor, or undefined when too many were missed or the cursor is none of this database's (it was
   * restored since): the client then loads everything anew. Of one customer alone where one is named, so that not even
   * "too many" tells anything of the others.
   */
  readonly since: (cursor: string, customerId?: string) => Promise<readonly LiveEvent[] | undefined>
  readonly cursor: () => string
  /** The place behind everything there is now; where the database does not answer, the place of this process. */
  readonly newest: () => Promise<string>
  /**
   * Tells this database from what it was restored from: a place of there says nothing here, even where the transactions
   * have got as far by now. Empty where nothing was restored; known once the feed is started.
   */
  readonly lineage: () => string
  readonly start: () => Promise<void>
  readonly stop: () => void
}

const BATCH = 500
const MOST_REPLAYED = 1_000
/** Polled as well: a lost notification delays the feed by this much at most. */
const POLL_MS = 1_000

type Row = {
  xid: string
  position: number
  type: string
  stream_kind: string
  stream_id: string
  version: number
  customer_id: string | null
  environment_id: string | null
}

/**
 * Below this nothing can appear any more, so nothing is ever skipped: the oldest transaction that was still running when
 * the statement began. Transactions of other databases on the same server count only where we may not look whose they are.
 */
const horizon = sql`(
  select coalesce(min(running.xid), pg_snapshot_xmax(pg_current_snapshot()))
  from pg_snapshot_xip(pg_current_snapshot()) as running (xid)
  where running.xid::xid not in (
    select backend_xid from pg_stat_activity
    where backend_xid is not null and datid <> (select oid from pg_database where datname = current_database())))`

const readAfter = async (
  { database }: Platform,
  cursor: string,
  limit: number,
  customerId?: string,
): Promise<LiveEvent[]> => {
  const [xid, position] = cursor.split('.')
  // Ordered by events.xid, not by xid: that would be the text of the output column, in which 999 comes after 1000.
  const { rows } = await sql<Row>`
    select xid::text as xid, position, type, stream_kind, stream_id, version, customer_id, environment_id from events
    where (xid, position) > (${xid ?? '0'}::xid8, ${position ?? '0'}::bigint) and xid < ${horizon}
      ${customerId === undefined ? sql`` : sql`and customer_id = ${customerId}`}
    order by events.xid, events.position limit ${limit}`.execute(database.db)
  return rows.map((row) => ({
    cursor: `${row.xid}.${row.position}`,
    area: eventTypes().get(row.type)?.area ?? row.stream_kind,
    type: row.type,
    id: row.stream_id,
    version: row.version,
    customerId: row.customer_id,
    environmentId: row.environment_id,
  }))
}

const lastCursor = async ({ database }: Platform): Promise<string> => {
  const { rows } = await sql<{ xid: string; position: number }>`
    select xid::text as xid, position from events where xid < ${horizon}
    order by events.xid desc, events.position desc limit 1`.execute(database.db)
  return rows[0] ? `${rows[0].xid}.${rows[0].position}` : '0.0'
}

/** Negative, zero or positive as a comes before b, is b, or comes after it. */
export const compareCursors = (a: string, b: string): number => {
  const [xidA = '0', positionA = '0'] = a.split('.')
  const [xidB = '0', positionB = '0'] = b.split('.')
  const byXid = BigInt(xidA) - BigInt(xidB)
  const difference = byXid === 0n ? BigInt(positionA) - BigInt(positionB) : byXid
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** No transaction of this database has had that number yet. */
const isFromElsewhere = async ({ database }: Platform, cursor: string): Promise<boolean> => {
  const { rows } = await sql<{ ahead: boolean }>`
    select ${cursor.split('.')[0] ?? '0'}::xid8 >= pg_snapshot_xmax(pg_current_snapshot()) as ahead`.execute(
    database.db,
  )
  return rows[0]?.ahead ?? true
}

/** A restore fills an empty database and appends its event last, so that this never changes under a running process. */
const findLineage = async ({ database }: Platform): Promise<string> => {
  const { rows } = await sql<{ id: string }>`
    select id from events where type = 'installation.restored' order by xid desc, position desc limit 1`.execute(
    database.db,
  )
  return rows[0]?.id ?? ''
}

export const isCursor = (text: string): boolean => /^\d{1,20}\.\d{1,19}$/.test(text)

export const openFeed = (platform: Platform): Feed => {
  const listeners = new Set<(event: LiveEvent) => void>()
  let cursor = '0.0'
  let lineage = ''
  let reading: Promise<void> | undefined
  let again = false
  let stopped = false
  let timer: NodeJS.Timeout | undefined

  const readAll = async (): Promise<void> => {
    do {
      again = false
      // Nobody listens: move on without reading what no one wants.
      if (listeners.size === 0) {
        const newest = await lastCursor(platform)
        // Somebody who came meanwhile was told the old cursor and must not miss what lies between.
        if (listeners.size === 0) cursor = newest
        else again = true
        continue
      }
      const events = await readAfter(platform, cursor, BATCH)
      for (const event of events) for (const listener of listeners) listener(event)
      cursor = events.at(-1)?.cursor ?? cursor
      again ||= events.length === BATCH
    } while (again)
  }

  const look = (): void => {
    if (stopped) return
    if (reading) {
      again = true
      return
    }
    reading = readAll()
      .catch((error: Error) =>
        platform.log.debug({ err: error.message }, 'the live feed waits for the database'),
      )
      .finally(() => {
        reading = undefined
      })
  }

  return {
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    since: async (from, customerId) => {
      if (await isFromElsewhere(platform, from)) return undefined
      const events = await readAfter(platform, from, MOST_REPLAYED + 1, customerId)
      return events.length > MOST_REPLAYED ? undefined : events
    },
    cursor: () => cursor,
    newest: () => lastCursor(platform).catch(() => cursor),
    lineage: () => lineage,
    start: async () => {
      lineage = await findLineage(platform)
      cursor = await lastCursor(platform)
      platform.notifier.hear('events', look)
      timer = setInterval(look, POLL_MS).unref()
    },
    stop: () => {
      stopped = true
      clearInterval(timer)
    },
  }
}
