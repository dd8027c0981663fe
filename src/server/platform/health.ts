/** What an outside watcher asks: does the process live, can it work, and how far behind is what waits. */
import { BlockList, isIPv6 } from 'node:net'
import { sql } from 'kysely'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { alertness, type Alertness } from './alarms.ts'
import type { Platform } from './context.ts'
import { isHeld } from './held.ts'
import { authorise } from './http/bind.ts'
import { openApiOf } from './http/openapi.ts'
import { gauge, renderMetrics } from './metrics.ts'
import { GONE_AFTER_MS } from './processes.ts'
import { VERSION } from './version.ts'

const DATABASE_PATIENCE_MS = 2_000

/** The answer, or undefined when it fails or takes longer than anybody who asks for our health should wait. */
const inTime = async <T>(answer: Promise<T>): Promise<T | undefined> => {
  const { promise: late, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => resolve(undefined), DATABASE_PATIENCE_MS)
  try {
    return await Promise.race([answer.catch(() => undefined), late])
  } finally {
    clearTimeout(timer)
  }
}

const databaseAnswers = async ({ database }: Platform): Promise<boolean> =>
  (await inTime(database.pool.query('select 1'))) !== undefined

type Backlog = {
  tasks_late: number
  tasks_parked: number
  evidence_waiting: number
  oldest_evidence: number | null
  clock_offset_ms: number
}

/** What waits: late tasks, parked tasks, evidence not yet in the log; and how far machines are from the database's clock. */
export const backlog = async ({
  database,
  clock,
}: Platform): Promise<Backlog & { evidenceDelayMs: number }> => {
  const now = clock.now()
  const { rows } = await sql<Backlog>`
    select (select count(*) from tasks where due_at < ${now - 5_000} and parked_at is null) as tasks_late,
           (select count(*) from tasks where parked_at is not null) as tasks_parked,
           (select count(*) from ledger_pending) as evidence_waiting,
           (select min(created_at) from ledger_pending) as oldest_evidence,
           (select coalesce(max(abs(clock_offset_ms)), 0) from processes
            where stopped_at is null and seen_at > ${now - GONE_AFTER_MS}) as clock_offset_ms`.execute(
    database.db,
  )
  const row = rows[0] as Backlog
  return {
    ...row,
    evidenceDelayMs: row.oldest_evidence === null ? 0 : Math.max(0, now - row.oldest_evidence),
  }
}

const seenAlarms = new Set<string>()

const gaugeAlarms = ({ alarms, watched }: Alertness): void => {
  gauge('fortnight_watched', '1 while a watch process looks after paging.', watched ? 1 : 0)
  // A kind that is over is shown as 0: a series that vanishes looks like one that is not measured.
  for (const kind of Object.keys(alarms)) seenAlarms.add(kind)
  for (const kind of seenAlarms)
    gauge('fortnight_alarms', 'Alarms of the watch that are under way, by kind.', alarms[kind] ?? 0, { kind })
}

const gaugeOwn = ({ config, database }: Platform): void => {
  const { pool } = database
  gauge('fortnight_build_info', 'The version of this process, as a label.', 1, { version: VERSION })
  gauge(
    'fortnight_mail_configured',
    '1 when a mail server is set; without one nobody is paged by mail.',
    config.SMTP_URL ? 1 : 0,
  )
  gauge('fortnight_database_connections', 'Connections that this process holds.', pool.totalCount)
  gauge(
    'fortnight_database_waiting',
    'Requests and tasks of this process that wait for a connection.',
    pool.waitingCount,
  )
}

const gaugeBacklog = (waiting: Awaited<ReturnType<typeof backlog>>): void => {
  gauge('fortnight_tasks_late', 'Tasks that should have run more than five seconds ago.', waiting.tasks_late)
  gauge('fortnight_tasks_parked', 'Tasks that failed for good and wait for a person.', waiting.tasks_parked)
  gauge(
    'fortnight_evidence_waiting',
    'Ledger leaves that are committed but not yet sequenced.',
    waiting.evidence_waiting,
  )
  gauge(
    'fortnight_evidence_delay_seconds',
    'Age of the oldest leaf that is not yet sequenced.',
    Math.round(waiting.evidenceDelayMs / 1000),
  )
  gauge(
    'fortnight_clock_offset_seconds',
    'Largest difference between a machine of ours and the clock of the database.',
    waiting.clock_offset_ms / 1000,
  )
}

/** What comes from the database keeps its last value while that is away; `fortnight_database_up` says so. */
const refreshGauges = async (platform: Platform): Promise<void> => {
  gaugeOwn(platform)
  const asked = inTime(Promise.all([alertness(platform), backlog(platform), isHeld(platform)]))
  const answered = await asked
  gauge('fortnight_database_up', '1 while the database answers.', answered ? 1 : 0)
  if (!answered) return
  const [alarms, waiting, held] = answered
  gaugeAlarms(alarms)
  gaugeBacklog(waiting)
  gauge('fortnight_held', '1 while the installation is held after a restore.', held ? 1 : 0)
}

/** Whoever watches from outside learns in one request what works and what lags; numbers only, nobody's names. */
const readiness = async (platform: Platform) => {
  const database = await databaseAnswers(platform)
  const known = database
    ? await inTime(Promise.all([isHeld(platform), alertness(platform), backlog(platform)]))
    : undefined
  const [held, alarms, waiting] = known ?? []
  const outdated = platform.database.fence?.isOutdated() ?? false
  return {
    ready: database && !outdated,
    database,
    // A newer version changes the schema: this process is about to stop.
    ...(outdated ? { outdated } : {}),
    held: held ?? false,
    mail: platform.config.SMTP_URL !== undefined,
    ...alarms,
    ...(waiting && {
      evidenceDelayMs: waiting.evidenceDelayMs,
      tasksLate: waiting.tasks_late,
      tasksParked: waiting.tasks_parked,
      clockOffsetMs: waiting.clock_offset_ms,
    }),
    version: VERSION,
  }
}

const nearby = new BlockList()
for (const [network, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const)
  nearby.addSubnet(network, prefix)
for (const [network, prefix] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  nearby.addSubnet(network, prefix, 'ipv6')

/** Without a proxy in between, from this machine or its private network: where a Prometheus of one's own stands. */
export const isNearby = (request: Pick<FastifyRequest, 'headers' | 'socket'>): boolean => {
  const { headers, socket } = request
  if (headers['x-forwarded-for'] !== undefined || headers['forwarded'] !== undefined) return false
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  return nearby.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}

/** Numbers of everybody's alerts and requests: from them a customer could count another's. */
const metrics = { permission: 'installation.read', summary: '' } as const

export const bindHealth = (app: FastifyInstance, platform: Platform): void => {
  app.get('/health/live', (_request, reply) => reply.send({ live: true, version: VERSION }))
  app.get('/health/ready', async (_request, reply) => {
    const answer = await readiness(platform)
    return reply
      .code(answer.ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(answer)
  })
  app.get('/metrics', async (request, reply) => {
    if (!isNearby(request)) authorise(await request.ctx(), metrics)
    await refreshGauges(platform)
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(renderMetrics())
  })
  let document: unknown
  app.get('/openapi.json', (_request, reply) =>
    reply.send((document ??= openApiOf(app, platform.config.baseUrl))),
  )
}
