/** GET /health/paging: whether a page would arrive, for a watcher outside that shares nothing with us. Numbers only, unless somebody who may read the installation asks. */
import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { may } from '../../domain/people/permissions.ts'
import { CLOCK_SKEW_ALARM_MS } from '../platform/clock.ts'
import type { Platform } from '../platform/context.ts'
import { BEATS_WITHIN_MS } from './duty-findings.ts'
import { GRACE_MS } from './findings.ts'
import { pagingNumbers, type PagingNumbers } from './health-store.ts'

/** Anybody may ask, and as often as they like: the database is asked once a second at most. */
const REMEMBER_MS = 1_000
const PATIENCE_MS = 2_000
const LONGEST_WAIT_S = 25
const LOOK_EVERY_MS = 1_000
/** Each holds a connection open: more of them are answered at once. */
const MOST_WAITING = 20

export type PagingHealth = {
  readonly healthy: boolean
  /** What would keep a page from arriving. */
  readonly reasons: readonly string[]
  /** What a person should look at, while pages arrive all the same. */
  readonly warnings: readonly string[]
}

const late = (at: number | null, now: number, withinMs: number): boolean => at !== null && at + withinMs < now

const failing = ({ channels }: PagingNumbers): string[] =>
  Object.entries(channels).flatMap(([channel, { sent, failed }]) =>
    failed > 0 && sent === 0 ? [channel] : [],
  )

/** The rules, without I/O. @param numbers undefined while the database does not answer */
export const judgePaging = (numbers: PagingNumbers | undefined, now: number): PagingHealth => {
  if (!numbers) return { healthy: false, reasons: ['database-away'], warnings: [] }
  const broken = failing(numbers)
  const used = Object.keys(numbers.channels).length
  const has = (kind: string): boolean => numbers.duty.some((found) => found.kind === kind)
  const named = (faults: Readonly<Record<string, boolean>>): string[] =>
    Object.keys(faults).filter((name) => faults[name])
  const reasons = named({
    held: numbers.held,
    'no-engine': !numbers.engineAlive,
    'engine-idle': !numbers.held && (numbers.beatAt === null || late(numbers.beatAt, now, BEATS_WITHIN_MS)),
    'task-late': !numbers.held && late(numbers.oldestDueAt, now, GRACE_MS),
    'promise-without-outcome': !numbers.held && late(numbers.oldestIntentAt, now, GRACE_MS),
    'clock-skew': numbers.clockOffsetMs > CLOCK_SKEW_ALARM_MS,
    unwatched: !numbers.watched,
    'channels-failing': used > 0 && broken.length === used,
  })
  const warnings = named({
    'channel-failing': broken.length > 0 && broken.length < used,
    'empty-schedule': has('empty-schedule'),
    'unverified-contact': has('unverified-contact'),
    'drill-missed': numbers.lastDrill?.status === 'missed',
  })
  return { healthy: reasons.length === 0, reasons, warnings }
}

const ageOf = (at: number | null | undefined, now: number): number | null =>
  at === null || at === undefined ? null : Math.max(0, now - at)

/** Nothing in it is a customer's, or names anybody. */
const shown = (numbers: PagingNumbers | undefined, now: number) => ({
  ...judgePaging(numbers, now),
  ...(numbers && {
    held: numbers.held,
    watched: numbers.watched,
    engine: { alive: numbers.engineAlive, beatAgeMs: ageOf(numbers.beatAt, now) },
    oldestDueTaskMs: ageOf(numbers.oldestDueAt, now) ?? 0,
    oldestPromiseMs: ageOf(numbers.oldestIntentAt, now) ?? 0,
    channels: numbers.channels,
    emptySchedules: numbers.duty.filter(({ kind }) => kind === 'empty-schedule').length,
    unverifiedContacts: numbers.duty.filter(({ kind }) => kind === 'unverified-contact').length,
    clockOffsetMs: numbers.clockOffsetMs,
    lastDrill:
      numbers.lastDrill === null
        ? null
        : { status: numbers.lastDrill.status, ageMs: ageOf(numbers.lastDrill.askedAt, now) },
  }),
})

/** Whoever may read the installation learns which rota and who, too. */
const mayKnow = async (request: FastifyRequest): Promise<boolean> => {
  if (request.headers.authorization === undefined && request.headers.cookie === undefined) return false
  const ctx = await request.ctx().catch(() => undefined)
  return ctx !== undefined && may(ctx.actor, 'installation.read')
}

const waitOf = ({ query }: FastifyRequest): number => {
  const given = Number((query as { wait?: string }).wait ?? 0)
  return Number.isFinite(given) ? Math.min(LONGEST_WAIT_S, Math.max(0, given)) : 0
}

type Look = () => Promise<PagingNumbers | undefined>

/** One question at a time, its answer good for a second. */
const openLook = (platform: Platform): Look => {
  let known: { at: number; answer: Promise<PagingNumbers | undefined> } | undefined
  const ask: Look = async () => {
    const cancelled = new AbortController()
    const tooLate = pause(PATIENCE_MS, undefined, { signal: cancelled.signal }).catch(() => undefined)
    const asked = pagingNumbers(platform.database.db, platform.clock.now()).catch(() => undefined)
    const answer = await Promise.race([asked, tooLate])
    cancelled.abort()
    return answer
  }
  return () => {
    const at = performance.now()
    if (!known || at - known.at >= REMEMBER_MS) known = { at, answer: ask() }
    return known.answer
  }
}

export const bindHealthPaging = (http: FastifyInstance, platform: Platform): void => {
  const look = openLook(platform)
  let waiting = 0
  /** Until the engine has claimed something since it was asked, and nothing else is wrong. */
  const untilClaimed = async (seconds: number): Promise<PagingNumbers | undefined> => {
    const since = platform.clock.now()
    const deadline = performance.now() + seconds * 1_000
    for (;;) {
      const numbers = await look()
      const claimed = (numbers?.beatAt ?? 0) >= since && judgePaging(numbers, platform.clock.now()).healthy
      if (claimed || performance.now() >= deadline)
        return numbers && !claimed && (numbers.beatAt ?? 0) < since ? { ...numbers, beatAt: null } : numbers
      await pause(LOOK_EVERY_MS)
    }
  }
  http.get('/health/paging', async (request, reply) => {
    const seconds = waiting < MOST_WAITING ? waitOf(request) : 0
    waiting += 1
    try {
      const numbers = seconds > 0 ? await untilClaimed(seconds) : await look()
      const answer = shown(numbers, platform.clock.now())
      const names = (await mayKnow(request)) ? { findings: numbers?.duty ?? [] } : {}
      return await reply
        .code(answer.healthy ? 200 : 503)
        .header('cache-control', 'no-store')
        .send({ ...answer, ...names })
    } finally {
      waiting -= 1
    }
  })
}
