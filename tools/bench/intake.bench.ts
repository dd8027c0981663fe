// Intake: webhooks of ten alerts, durable (fsync on) and with all evidence, beside Alertmanager fed the same alerts by the same client.
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { judge, median, printTable, tenths, whole } from './figures.ts'
import {
  bringTeam,
  buildEverything,
  newFolder,
  processesOf,
  removeFolder,
  startFortnight,
  type Fortnight,
} from './fortnight.ts'
import { startStorm, type StormFigures } from './load/fixed-rate.ts'
import { ALERTS_A_REQUEST, sendAlerts, type Load, type LoadFigures } from './load/send-alerts.ts'
import { loadLine, machineBusyMs, machineLine, processTree, type Process } from './machine.ts'
import { requirePrograms, startAlertmanager, type Peer } from './peer.ts'

const RUNS = Number(process.env['BENCH_RUNS'] ?? 5)
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 5)
const CONNECTIONS = 16
const WARM_SECONDS = 2

type Run = LoadFigures & {
  readonly alertsPerSecond: number
  /** of our processes, or the peer's */
  readonly cpuUs: number
  readonly postgresUs: number
  /** how much of the machine others had meanwhile, the load client apart: 1 is one core */
  readonly others: number
}

const spent = (processes: readonly Process[]): number => processes.reduce((sum, { cpuMs }) => sum + cpuMs, 0)

type Meter = () => { own: number; postgres: number }

const measure = async (load: Load, meter: Meter): Promise<Run> => {
  await sendAlerts({ ...load, seconds: WARM_SECONDS })
  const before = { ...meter(), busy: machineBusyMs(), ours: spent(processTree(process.pid)) }
  const startedAt = performance.now()
  const figures = await sendAlerts(load)
  const elapsed = performance.now() - startedAt
  const after = { ...meter(), busy: machineBusyMs(), ours: spent(processTree(process.pid)) }
  const alerts = figures.requests * ALERTS_A_REQUEST
  return {
    ...figures,
    alertsPerSecond: figures.requestsPerSecond * ALERTS_A_REQUEST,
    cpuUs: ((after.own - before.own) * 1000) / alerts,
    postgresUs: ((after.postgres - before.postgres) * 1000) / alerts,
    // Everything that this bench started is below it, wrk and the peer as well.
    others: (after.busy - before.busy - (after.ours - before.ours)) / elapsed,
  }
}

type Case = {
  readonly name: string
  readonly seen: boolean
  readonly severity: string
  /** what is promised, and the rate at which the promised latency is measured */
  readonly alertsPerSecond: number
}
const cases: readonly Case[] = [
  { name: 'repeated', seen: true, severity: 'warning', alertsPerSecond: 20_000 },
  { name: 'never seen', seen: false, severity: 'none', alertsPerSecond: 8_000 },
  { name: 'never seen, each pages', seen: false, severity: 'warning', alertsPerSecond: 8_000 },
]

/** The harder latency: at full load each connection waits with its next request, so that few of them meet a pause. */
const atPromisedRate = async (
  { seen, severity, alertsPerSecond }: Case,
  fortnight: Fortnight,
  key: string,
): Promise<StormFigures> => {
  const perSecond = alertsPerSecond / ALERTS_A_REQUEST
  const storm = { url: fortnight.url, key, perSecond, fresh: !seen, severity }
  const warmUp = startStorm(storm)
  await pause(WARM_SECONDS * 1000)
  await warmUp.stop()
  const measured = startStorm(storm)
  await pause(SECONDS * 1000)
  return measured.stop()
}

const printLatencies = (latencies: ReadonlyMap<string, readonly StormFigures[]>): void => {
  const rows = [...latencies].map(([name, all]) => [
    `${name}: ${whole(median(all.map(({ answered, seconds }) => (answered * ALERTS_A_REQUEST) / seconds)))} alerts/s`,
    tenths(median(all.map(({ p50Ms }) => p50Ms))),
    tenths(median(all.map(({ p99Ms }) => p99Ms))),
    tenths(Math.max(...all.map(({ maxMs }) => maxMs))),
  ])
  printTable(['at the promised rate', 'p50 ms', 'p99 ms', 'longest ms'], rows)
}

/**
 * Neither pays for what the other still has to do: an Alertmanager that was given a million alerts sweeps through them for
 * a long while, and we have pages to send.
 */
const whileStill = async <T>(pids: readonly number[], work: () => Promise<T>): Promise<T> => {
  for (const pid of pids) process.kill(pid, 'SIGSTOP')
  try {
    return await work()
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT')
  }
}

const runCase = async (
  each: Case,
  fortnight: Fortnight,
  key: string,
  peer: Peer,
): Promise<{ ours: Run[]; peers: Run[]; storms: StormFigures[] }> => {
  const { seen, severity } = each
  const same = { seen, severity, connections: CONNECTIONS, seconds: SECONDS }
  const ours: Run[] = []
  const peers: Run[] = []
  const storms: StormFigures[] = []
  // In turn, so that a busy minute of the machine falls on both.
  const ourPids = () => processesOf(fortnight).ours.map(({ pid }) => pid)
  const measureOurs = () =>
    measure(
      { ...same, url: fortnight.url, path: '/integrations/alertmanager', envelope: 'webhook', key },
      () => {
        const processes = processesOf(fortnight)
        return { own: spent(processes.ours), postgres: spent(processes.postgres) }
      },
    )
  const measurePeer = () =>
    measure({ ...same, url: peer.url, path: '/api/v2/alerts', envelope: 'list' }, () => ({
      own: spent(processTree(peer.pid)),
      postgres: 0,
    }))
  // In turn, so that a busy minute of the machine falls on both.
  for (let run = 0; run < RUNS; run++) {
    ours.push(await whileStill([peer.pid], measureOurs))
    peers.push(await whileStill(ourPids(), measurePeer))
    storms.push(await whileStill([peer.pid], () => atPromisedRate(each, fortnight, key)))
  }
  return { ours, peers, storms }
}

const of = (runs: readonly Run[], pick: (run: Run) => number): number => median(runs.map(pick))

const rowOf = (name: string, runs: readonly Run[], ratio: string): string[] => [
  name,
  whole(of(runs, (run) => run.requestsPerSecond)),
  whole(of(runs, (run) => run.alertsPerSecond)),
  tenths(of(runs, (run) => run.p50Ms)),
  tenths(of(runs, (run) => run.p99Ms)),
  tenths(of(runs, (run) => run.cpuUs)),
  tenths(of(runs, (run) => run.postgresUs)),
  ratio,
  tenths(of(runs, (run) => run.others)),
]

/** A rate without its rows would be a rate of something else. */
const checkNothingLost = async (fortnight: Fortnight, sent: number): Promise<void> => {
  const client = new pg.Client({ connectionString: await fortnight.connectionString() })
  await client.connect()
  const { rows } = await client.query<{ alerts: string; durable: string }>(
    `select (select sum(alert_count) from alert_receipts) as alerts,
            current_setting('fsync') || ' ' || current_setting('synchronous_commit') as durable`,
  )
  await client.end()
  const stored = Number(rows[0]?.alerts)
  console.log(
    `stored ${whole(stored)} sightings of at least ${whole(sent)} answered; fsync and synchronous_commit ${rows[0]?.durable}`,
  )
  if (stored < sent || rows[0]?.durable !== 'on on')
    throw new Error('not everything answered was stored durably')
}

requirePrograms('Alertmanager', 'wrk')
console.log(`${machineLine()}; ${loadLine()}`)
await buildEverything()
const folder = newFolder()
const fortnight = await startFortnight(folder)
const peer = await startAlertmanager(folder)
try {
  const team = await bringTeam(fortnight)
  const key = await team.keyOf('acme-prod')
  const only = process.env['BENCH_CASE']
  const table: string[][] = []
  const rates = new Map<string, Run[]>()
  const latencies = new Map<string, StormFigures[]>()
  let sent = 0
  for (const each of cases.filter(({ name }) => !only || name === only)) {
    const { ours, peers, storms } = await runCase(each, fortnight, key, peer)
    sent += ours.reduce((sum, { requests }) => sum + requests * ALERTS_A_REQUEST, 0)
    const ratio = of(ours, (run) => run.alertsPerSecond) / of(peers, (run) => run.alertsPerSecond)
    table.push(
      rowOf(`Fortnight, ${each.name}`, ours, ratio.toFixed(2)),
      rowOf(`Alertmanager, ${each.name}`, peers, '1'),
    )
    rates.set(each.name, ours)
    latencies.set(each.name, storms)
  }
  printTable(
    [
      '',
      'req/s',
      'alerts/s',
      'p50 ms',
      'p99 ms',
      'CPU µs/alert',
      'PostgreSQL µs/alert',
      'ratio',
      'cores of others',
    ],
    table,
  )
  console.log(`medians of ${RUNS} runs of ${SECONDS} s, ${CONNECTIONS} connections; ${loadLine()}`)
  printLatencies(latencies)
  await checkNothingLost(fortnight, sent)
  judge(
    cases.flatMap(({ name, alertsPerSecond }) => {
      const storms = latencies.get(name)
      if (!storms) return []
      const rate = of(rates.get(name) ?? [], (run) => run.alertsPerSecond)
      const fullLoad = of(rates.get(name) ?? [], (run) => run.p99Ms)
      const p99 = median(storms.map(({ p99Ms }) => p99Ms))
      return [
        {
          what: `${name}: alerts a second`,
          measured: rate,
          atLeast: alertsPerSecond,
          unit: 'alerts/s',
        },
        { what: `${name}: p99 of that`, measured: fullLoad, atMost: 50, unit: 'ms' },
        {
          what: `${name}: p99 from when a request was due, at ${whole(alertsPerSecond)} alerts/s`,
          measured: p99,
          atMost: 50,
          unit: 'ms',
        },
      ]
    }),
  )
  const refused = [...latencies.values()].flat().reduce((sum, storm) => sum + storm.refused, 0)
  if (refused > 0) throw new Error(`${refused} requests were refused at the promised rate`)
} finally {
  await peer.stop()
  await fortnight.stop()
  removeFolder(folder)
}
