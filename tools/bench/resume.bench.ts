// A process is killed while it sends: how long until another has taken its work on, and until somebody is told. And how late
// tasks begin while a hundred thousand others wait.
import { setTimeout as pause } from 'node:timers/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import { SMTPServer } from 'smtp-server'
import { startEmbeddedPostgres } from '../../src/server/platform/embedded-postgres/index.ts'
import { judge, median, percentile, printTable, tenths, whole } from './figures.ts'
import {
  bringTeam,
  buildEverything,
  call,
  newFolder,
  removeFolder,
  startFortnight,
  type Fortnight,
} from './fortnight.ts'
import { loadLine, machineLine } from './machine.ts'

const KILLS = Number(process.env['BENCH_RUNS'] ?? 7)
const PENDING = 100_000
const DUE = 400
const PATIENCE_MS = 60_000

/** Takes mails; while it is told to hold, it takes none and answers nobody. */
const startMailServer = async () => {
  let holding = false
  const held: (() => void)[] = []
  const taken: number[] = []
  let arrived = 0
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData: (stream, _session, done) => {
      stream.resume()
      stream.on('end', () => {
        arrived++
        // Whoever sends waits for the answer, and has not told anybody what came of it.
        if (holding) return void held.push(done)
        taken.push(performance.now())
        done()
      })
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    taken,
    arrived: () => arrived,
    hold: (yes: boolean) => {
      holding = yes
      if (!yes) held.splice(0)
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
  const startedAt = performance.now()
  while (!(await holds())) {
    if (performance.now() - startedAt > PATIENCE_MS) throw new Error(`waited in vain: ${what}`)
    await pause(5)
  }
}

const folder = newFolder()
console.log(`${machineLine()}; ${loadLine()}`)
await buildEverything()
const mail = await startMailServer()
const postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres'), log: () => undefined })
const env = {
  DATABASE_URL: postgres.connectionString,
  FORTNIGHT_KEYS: join(folder, 'keys'),
  SMTP_URL: mail.url,
  PAGE_BUNDLING: 'off',
}
let started = 0
const start = (): Promise<Fortnight> =>
  startFortnight(join(folder, `server-${started++}`), env, ['--max-semi-space-size=8'])
const db = new pg.Client({ connectionString: postgres.connectionString })
await db.connect()
let servers: Fortnight[] = [await start()]
const team = await bringTeam(servers[0]!)
const key = await team.keyOf('acme-prod')
servers.push(await start())

const fire = async (n: number): Promise<void> => {
  const alert = {
    status: 'firing',
    labels: { alertname: `Killed${n}`, severity: 'critical', group: `g${n}` },
    annotations: { summary: `the process is killed, time ${n}` },
    startsAt: new Date().toISOString(),
  }
  const reply = await fetch(`${servers[0]!.url}/integrations/alertmanager`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ version: '4', status: 'firing', alerts: [alert] }),
  })
  if (!reply.ok) throw new Error(`intake answered ${reply.status}`)
}
const senders = async (): Promise<number[]> =>
  (
    await db.query<{ pid: number }>(
      `select distinct p.pid from page_sends s join page_intents i on i.id = s.intent_id join processes p on p.id = s.leased_by
       where i.status = 'intended' and s.lease_until_at is not null`,
    )
  ).rows.map(({ pid }) => pid)

/** What rings still would be joined by the next alert, and nobody be told anew. */
const takeAll = async (): Promise<void> => {
  const { url } = servers[0]!
  const { token } = team
  const { reply } = await call<{ rows: { id: string }[] }>(url, '/api/pages?status=open', { token })
  for (const { id } of reply.rows) await call(url, `/api/pages/${id}/acknowledge`, { token, body: {} })
}

/** @returns milliseconds from the kill until the mail was taken from another process */
const killOnce = async (n: number): Promise<number> => {
  mail.hold(true)
  const arrivedBefore = mail.arrived()
  await fire(n)
  let pid: number | undefined
  // The watch mails, too, about things that this team has not set up.
  await until('a mail arrives, and somebody says that they send it', async () => {
    pid = (await senders())[0]
    return pid !== undefined && mail.arrived() > arrivedBefore
  })
  const victim = servers.find((server) => server.pid === pid)
  if (!victim) throw new Error('whoever sends is none of ours')
  mail.hold(false)
  const takenBefore = mail.taken.length
  const killedAt = performance.now()
  process.kill(victim.pid, 'SIGKILL')
  await until('another sends it', () => mail.taken.length > takenBefore)
  const tookMs = (mail.taken[takenBefore] ?? Number.NaN) - killedAt
  servers = [...servers.filter((server) => server !== victim), await start()]
  await takeAll()
  return tookMs
}

/** Signs of life of recurring work are not touched: tasks of a kind that nobody declares wait among the others. */
const latenessMs = async (): Promise<number[]> => {
  await db.query(
    `insert into tasks (id, kind, lane, key, due_at, created_at)
     select gen_random_uuid(), (array['page.step', 'page.send', 'page.held-back'])[1 + n % 3], 'page', 'later ' || n,
       (extract(epoch from clock_timestamp()) * 1000)::bigint + 3600000 + n, 1
     from generate_series(1, ${PENDING}) n`,
  )
  await db.query('analyze tasks')
  const late: number[] = []
  for (let n = 0; n < DUE; n++) {
    const dueInMs = 40
    const id = crypto.randomUUID()
    await db.query(
      `insert into tasks (id, kind, lane, key, due_at, created_at, payload)
       values ($1::uuid, 'page.step', 'page', $1::uuid::text, (extract(epoch from clock_timestamp()) * 1000)::bigint + $2::bigint, 1,
               '{"pageId":"00000000-0000-7000-8000-000000000001"}')`,
      [id, dueInMs],
    )
    await db.query(`select pg_notify('fortnight', 'tasks')`)
    const dueAt = performance.now() + dueInMs
    await until('it is run', async () => {
      const { rowCount } = await db.query('select from tasks where id = $1', [id])
      return rowCount === 0
    })
    late.push(Math.max(0, performance.now() - dueAt))
  }
  return late
}

try {
  const kills: number[] = []
  for (let n = 0; n < KILLS; n++) kills.push(await killOnce(n))
  printTable(
    ['killed while it sends', 'median s', 'longest s'],
    [['told by another process', tenths(median(kills) / 1000), tenths(Math.max(...kills) / 1000)]],
  )
  console.log(`${KILLS} times SIGKILL of one of two servers; the mail had arrived and had no answer\n`)
  const late = await latenessMs()
  printTable(
    ['a task is done after it is due, 100 000 others wait', 'p50 ms', 'p99 ms', 'longest ms'],
    [
      [
        `${DUE} tasks`,
        tenths(percentile(late, 0.5)),
        tenths(percentile(late, 0.99)),
        tenths(Math.max(...late)),
      ],
    ],
  )
  judge([
    { what: 'work of a killed process goes on', measured: Math.max(...kills), atMost: 5_000, unit: 'ms' },
    { what: 'lateness of a task, p99', measured: percentile(late, 0.99), atMost: 50, unit: 'ms' },
  ])
  console.log(`${loadLine()}; ${whole(PENDING)} pending`)
} finally {
  await Promise.all(servers.map((server) => server.stop()))
  await db.end()
  await postgres.stop()
  await mail.close()
  removeFolder(folder)
}
