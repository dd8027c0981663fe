/** The auditor of paging: looks every few seconds, keeps alarms, and tells administrators by a way of its own. */
import type pg from 'pg'
import type { Log } from '../platform/log.ts'
import { STANDING } from './duty-findings.ts'
import { judge, OF_PAGING } from './findings.ts'
import { claimDueAlarms, putAlarms, putSignOfLife, putTold, readSnapshot, type WatchRow } from './store.ts'
import type { Administrator, Snapshot } from './snapshot.ts'
import { databaseAway, toldOf, type Tell } from './tell-administrators.ts'

export const LOOK_EVERY_MS = 5_000
/** Before it judges the engine the database must have answered for this long without a break: two signs of life and more. */
export const STEADY_AFTER_MS = 15_000
/** A break between two looks that means that this machine slept, or that nothing ran: nobody is blamed for it. */
const BREAK_MS = 4 * LOOK_EVERY_MS
export const TELL_EVERY_MS = 15 * 60_000
/** What stands and rings nowhere is told again the next day. */
export const TELL_STANDING_EVERY_MS = 24 * 3_600_000
/** Between two mails about anything: a storm is told in bundles. */
export const BETWEEN_MAILS_MS = 60_000
const TELL_LEASE_MS = 60_000
const TELL_AGAIN_MS = 30_000
/** A database that is restarted is back by then; one that is not is worth a mail. */
export const DATABASE_AWAY_MS = 60_000

export type Watch = {
  /** One look; never rejects. */
  readonly look: () => Promise<void>
  /** Whether somebody was seen at work at the last look, or undefined when that is not known. */
  readonly engineAlive: () => boolean | undefined
  /** Nothing was found at the last look that would keep a page from being sent; false while that is not known. */
  readonly pagingHealthy: () => boolean
}

type Given = {
  readonly pool: pg.Pool
  readonly clock: { readonly now: () => number; readonly offsetMs?: () => number }
  readonly ids: { readonly next: (now: number) => string }
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>
  readonly baseUrl: string
  /** Whether pages can go out by mail. */
  readonly pagesByMail: boolean
  /** Whether we can. */
  readonly canTell: boolean
  readonly tell: Tell
  /** A second opinion before we say that the database is away. */
  readonly serverReachesDatabase: () => Promise<boolean>
  readonly about: WatchRow
}

/** What one watch remembers between looks; everything that must last is in the table. */
type Memory = {
  steadySinceAt: number | undefined
  lastLookAt: number | undefined
  awaySinceAt: number | undefined
  awayToldAt: number | undefined
  administrators: readonly Administrator[]
  engineAlive: boolean | undefined
  pagingHealthy: boolean
}

const everyMs = (kind: string): number =>
  (STANDING as readonly string[]).includes(kind) ? TELL_STANDING_EVERY_MS : TELL_EVERY_MS

const noteSteadiness = (memory: Memory, now: number): boolean => {
  const broken =
    memory.lastLookAt === undefined || now - memory.lastLookAt > BREAK_MS || now < memory.lastLookAt
  if (broken || memory.steadySinceAt === undefined) memory.steadySinceAt = now
  memory.lastLookAt = now
  return now - memory.steadySinceAt >= STEADY_AFTER_MS
}

const tellWhatIsDue = async (given: Given, administrators: readonly Administrator[]): Promise<void> => {
  const { pool, clock, log, tell, baseUrl, ids } = given
  const now = clock.now()
  const due = await claimDueAlarms(pool, { now, untilAt: now + TELL_LEASE_MS, betweenMs: BETWEEN_MAILS_MS })
  if (due.length === 0) return
  const alarms = due.map((alarm) => toldOf(alarm, baseUrl))
  for (const { title, detail } of alarms) log.error({ alarm: title, detail }, 'alarm')
  const telling =
    administrators.length === 0
      ? { told: false, answer: 'there is no administrator to tell' }
      : await tell(administrators, alarms, { messageId: ids.next(now), now })
  const after = clock.now()
  const isOver = telling.told || !given.canTell
  for (const [pauseMs, each] of Map.groupBy(due, ({ kind }) => everyMs(kind)))
    await putTold(
      pool,
      each.map(({ id }) => id),
      { now: after, nextAt: after + (isOver ? pauseMs : TELL_AGAIN_MS), ...telling },
    )
}

/** The one alarm that cannot be written down. Told from memory, to whoever was an administrator when last seen. */
const noteAway = async (given: Given, memory: Memory, error: Error): Promise<void> => {
  const { clock, log, tell, ids, baseUrl } = given
  const now = clock.now()
  memory.steadySinceAt = undefined
  memory.engineAlive = undefined
  memory.pagingHealthy = false
  memory.awaySinceAt ??= now
  log.warn({ err: error.message }, 'the database does not answer; the watch keeps trying')
  const overdue = now - memory.awaySinceAt >= DATABASE_AWAY_MS
  const toldLately = memory.awayToldAt !== undefined && now - memory.awayToldAt < TELL_EVERY_MS
  if (!overdue || toldLately || memory.administrators.length === 0) return
  memory.engineAlive = (await given.serverReachesDatabase()) || undefined
  if (memory.engineAlive) return
  memory.awayToldAt = now
  const alarm = databaseAway(memory.awaySinceAt, baseUrl)
  const { told, answer } = await tell(memory.administrators, [alarm], { messageId: ids.next(now), now })
  if (!told) memory.awayToldAt = now - TELL_EVERY_MS + TELL_AGAIN_MS
  log.error({ told, answer }, 'alarm: the database does not answer')
}

const remember = (memory: Memory, snapshot: Snapshot, engineAlive: boolean | undefined): void => {
  memory.administrators = snapshot.administrators
  memory.awaySinceAt = undefined
  memory.awayToldAt = undefined
  memory.engineAlive = engineAlive
}

export const openWatch = (given: Given): Watch => {
  const { pool, clock, ids, pagesByMail, about, log } = given
  const memory: Memory = {
    steadySinceAt: undefined,
    lastLookAt: undefined,
    awaySinceAt: undefined,
    awayToldAt: undefined,
    administrators: [],
    engineAlive: undefined,
    pagingHealthy: false,
  }
  const lookOnce = async (): Promise<void> => {
    const now = clock.now()
    await putSignOfLife(pool, about, { now, offsetMs: clock.offsetMs?.() ?? 0 })
    const snapshot = await readSnapshot(pool, now)
    const steady = noteSteadiness(memory, now)
    const { judged, findings } = judge(snapshot, { now, steady, canMail: pagesByMail })
    remember(memory, snapshot, steady ? !findings.some(({ kind }) => kind === 'no-engine') : undefined)
    const ailing = findings.some(({ kind }) => OF_PAGING.includes(kind))
    memory.pagingHealthy = steady && !snapshot.held && !ailing
    await putAlarms(pool, { judged, findings, now, nextId: () => ids.next(now), pauseMs: everyMs })
    // A restored installation sends nothing before it is released, and what it holds was alarmed in its former life.
    if (!snapshot.held) await tellWhatIsDue(given, snapshot.administrators)
  }
  return {
    engineAlive: () => memory.engineAlive,
    pagingHealthy: () => memory.pagingHealthy,
    look: () =>
      lookOnce()
        .catch((error: Error) => noteAway(given, memory, error))
        .catch((error: Error) => log.error({ err: error.message }, 'a look of the watch went wrong')),
  }
}
