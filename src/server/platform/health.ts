/** What an outside watcher asks: does the process live, can it work, and how far behind is what waits. */
import { sql } from 'kysely'
import type { FastifyInstance } from 'fastify'
import { alertness, type Alertness } from './alarms.ts'
import type { Platform } from './context.ts'
import { isHeld } from './held.ts'
import { openApiOf } from './http/openapi.ts'
import { gauge, renderMetrics } from './metrics.ts'
import { VERSION } from './version.ts'

const DATABASE_PATIENCE_MS = 2_000

const databaseAnswers = async ({ database }: Platform): Promise<boolean> => {
  const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), DATABASE_PATIENCE_MS).unref())
  const asked = database.pool.query('select 1').then(
    () => true,
    () => false,
  )
  return Promise.race([asked, late])
}

type Backlog = {
  tasks_late: number
  tasks_parked: number
  evidence_waiting: number
  oldest_evidence: number | null
}

/** What waits: late tasks, parked tasks, evidence that is committed but not yet in the log. */
export const backlog = async ({
  database,
  clock,
}: Platform): Promise<Backlog & { evidenceDelayMs: number }> => {
  const now = clock.now()
  const { rows } = await sql<Backlog>`
    select (select count(*) from tasks where due_at < ${now - 5_000} and parked_at is null) as tasks_late,
           (select count(*) from tasks where parked_at is not null) as tasks_parked,
           (select count(*) from ledger_pending) as evidence_waiting,
           (select min(created_at) from ledger_pending) as oldest_evidence`.execute(database.db)
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

const refreshGauges = async (platform: Platform): Promise<void> => {
  gaugeAlarms(await alertness(platform))
  const waiting = await backlog(platform)
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
}

export const bindHealth = (app: FastifyInstance, platform: Platform): void => {
  app.get('/health/live', (_request, reply) => reply.send({ live: true, version: VERSION }))
  app.get('/health/ready', async (_request, reply) => {
    const database = await databaseAnswers(platform)
    const held = database && (await isHeld(platform))
    const details = database ? await alertness(platform).catch(() => undefined) : undefined
    return reply
      .code(database ? 200 : 503)
      .send({ ready: database, database, held, ...details, version: VERSION })
  })
  app.get('/metrics', async (_request, reply) => {
    await refreshGauges(platform).catch(() => undefined)
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(renderMetrics())
  })
  let document: unknown
  app.get('/openapi.json', (_request, reply) =>
    reply.send((document ??= openApiOf(app, platform.config.baseUrl))),
  )
}
