// Six thousand escalations fall due in the same second, over 300 environments and 600 people: until each is in the hands of
// the mail server, in a message of its own or in one that lists several. (LinkedIn's Iris: 6,000 in under ten seconds, on a cluster.)
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { SMTPServer } from 'smtp-server'
import type { AddressInfo } from 'node:net'
import { judge, percentile, printTable, tenths, whole } from './figures.ts'
import {
  bringTeam,
  buildEverything,
  call,
  newFolder,
  processesOf,
  removeFolder,
  startFortnight,
} from './fortnight.ts'
import { loadLine, machineLine, type Process } from './machine.ts'

const PAGES = Number(process.env['BENCH_PAGES'] ?? 6_000)
const ENVIRONMENTS = 300
const PEOPLE = 600
const MOST_SECONDS = 10
const PATIENCE_MS = 180_000
const AT_ONCE = 16
/** Long enough for everything to be set up first. */
const AHEAD_MS = 5_000

const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n)

const teamOf = (): string =>
  JSON.stringify({
    version: 1,
    accounts: range(PEOPLE).map((n) => ({
      handle: `p${n}`,
      name: `Person ${n}`,
      email: `p${n}@example.org`,
      roles: ['engineer'],
    })),
    customers: [{ slug: 'many', name: 'Many' }],
    environments: range(ENVIRONMENTS).map((n) => ({
      slug: `env-${n}`,
      customer: 'many',
      name: `Environment ${n}`,
      plan: 'standard',
      deliveryManager: 'ada',
    })),
    escalationPolicies: range(PEOPLE).map((n) => ({
      slug: `to-p${n}`,
      name: `To person ${n}`,
      repeat: 0,
      steps: [
        { afterMinutes: 0, targets: [{ person: 'ada' }] },
        { afterMinutes: 1_440, targets: [{ person: `p${n}` }] },
      ],
      fallback: [{ role: 'administrator' }],
    })),
  })

/** Takes every mail as fast as it comes and reads none: its work would be ours, on the same cores. */
const startMailSink = async (): Promise<{ url: string; taken: () => number; close: () => Promise<void> }> => {
  let taken = 0
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData: (stream, _session, done) => {
      stream.on('end', () => {
        taken++
        done()
      })
      stream.resume()
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    taken: () => taken,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

const inParallel = async (count: number, work: (n: number) => Promise<void>): Promise<void> => {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < count) await work(next++)
  }
  await Promise.all(range(AT_ONCE).map(worker))
}

type Door = { readonly url: string; readonly token: string; readonly db: pg.Client }

/** One alert a page, of a priority that pages nobody by itself, and each sent to a policy of its own. */
const ring = async ({ url, token, db }: Door): Promise<void> => {
  await call(url, '/api/configuration/apply', { token, body: { document: teamOf() } })
  await inParallel(ENVIRONMENTS, async (n) => {
    const keys = `/api/environments/env-${n}/keys`
    const key = (await call<{ secret: string }>(url, keys, { token, body: { name: 'bench' } })).reply.secret
    const alerts = range(PAGES / ENVIRONMENTS).map((m) => ({
      status: 'firing',
      labels: { alertname: `Alert${m}`, severity: 'none' },
      annotations: { summary: 'Something is wrong.' },
      startsAt: new Date().toISOString(),
    }))
    await call(url, '/integrations/alertmanager', { token: key, body: { version: '4', alerts } })
  })
  const { rows } = await db.query<{ id: string }>('select id from alerts order by id')
  await inParallel(rows.length, async (n) => {
    const body = { policy: `to-p${n % PEOPLE}` }
    await call(url, `/api/alerts/${rows[n]?.id}/escalate`, { token, body })
  })
}

/** Asked again and again while everything is measured, so it must cost next to nothing. */
const some = async (db: pg.Client, from: string): Promise<boolean> =>
  (await db.query(`select from ${from} limit 1`)).rowCount === 1

const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
  const end = performance.now() + PATIENCE_MS
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited ${PATIENCE_MS / 1000} s until ${what}`)
    await pause(100)
  }
}

/** As if all of them had been requested in the same instant, a day ago. */
const makeDue = async (db: pg.Client, at: number): Promise<void> => {
  await db.query('begin')
  await db.query(
    `update pages set state = jsonb_set(state, '{nextStepAt}', to_jsonb($1::bigint)) where status = 'open'`,
    [at],
  )
  await db.query(`update tasks set due_at = $1 where kind = 'page.step'`, [at])
  await db.query('commit')
}

const cpuSeconds = (processes: readonly Process[]): number =>
  processes.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / 1000

console.log(`${machineLine()}; ${loadLine()}`)
await buildEverything()
const folder = newFolder()
const mail = await startMailSink()
const fortnight = await startFortnight(folder, { SMTP_URL: mail.url })
const db = new pg.Client({ connectionString: await fortnight.connectionString() })
try {
  const { token } = await bringTeam(fortnight)
  await db.connect()
  await ring({ url: fortnight.url, token, db })
  console.log(`${whole(PAGES)} pages ring; ${loadLine()}`)
  const mailsBefore = mail.taken()
  const before = processesOf(fortnight)
  const dueAt = Date.now() + AHEAD_MS
  await makeDue(db, dueAt)
  const escalated = `step = 1 and channel = 'email'`
  await pause(AHEAD_MS)
  await until(
    'every step has begun',
    async () => !(await some(db, `tasks where kind = 'page.step' and due_at <= ${dueAt}`)),
  )
  await until(
    'every promise has ended',
    async () => !(await some(db, `page_intents where status = 'intended' and step = 1`)),
  )
  const after = processesOf(fortnight)
  const { rows } = await db.query<{ begun: number; ended: number; status: string }>(
    `select intended_at::float8 as begun, ended_at::float8 as ended, status from page_intents where ${escalated}`,
  )
  if (rows.length !== PAGES) throw new Error(`${rows.length} of ${PAGES} escalations have begun`)
  const begun = rows.map((row) => row.begun - dueAt)
  const handed = rows.map((row) => row.ended - dueAt)
  printTable(
    ['6,000 escalations at once', 'p50 s', 'p99 s', 'last s'],
    [
      ['step begun', begun],
      ['handed to the mail server', handed],
    ].map(([name, all]) => [
      name as string,
      ...[0.5, 0.99].map((share) => tenths(percentile(all as number[], share) / 1000)),
      tenths(Math.max(...(all as number[])) / 1000),
    ]),
  )
  const failed = rows.filter(({ status }) => status !== 'sent').length
  console.log(`${whole(mail.taken() - mailsBefore)} mails; ${failed} not sent; ${loadLine()}`)
  // What a busy machine cannot falsify.
  console.log(
    `processor time: ours ${tenths(cpuSeconds(after.ours) - cpuSeconds(before.ours))} s, PostgreSQL ${tenths(
      cpuSeconds(after.postgres) - cpuSeconds(before.postgres),
    )} s`,
  )
  judge([
    {
      what: 'the last of them handed over',
      measured: Math.max(...handed) / 1000,
      atMost: MOST_SECONDS,
      unit: 's',
    },
  ])
} finally {
  await db.end()
  await fortnight.stop()
  await mail.close()
  removeFolder(folder)
}
