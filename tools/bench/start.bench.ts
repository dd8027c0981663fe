// Start and rest: from the spawn to the first "ready", and what all processes hold when nothing happens, beside Alertmanager.
import { setTimeout as pause } from 'node:timers/promises'
import { judge, median, printTable, tenths, whole } from './figures.ts'
import { buildEverything, newFolder, processesOf, removeFolder, startFortnight } from './fortnight.ts'
import { loadLine, machineBusyMs, machineLine, processTree, type Process } from './machine.ts'
import { requirePrograms, startAlertmanager } from './peer.ts'

const RUNS = Number(process.env['BENCH_RUNS'] ?? 7)
/** Long enough for the children to be there and for what the start left to be collected. */
const REST_MS = 10_000

const cpu = (processes: readonly Process[]): number => processes.reduce((sum, { cpuMs }) => sum + cpuMs, 0)
const resident = (processes: readonly Process[]): number =>
  processes.reduce((sum, { rssMb }) => sum + rssMb, 0)

const nameOf = ({ command }: Process): string =>
  /([\w/]+)\.m?[jt]s( |$)/.exec(command)?.[1]?.split('dist/server/').at(-1) ?? command

type Start = { readonly readyMs: number; readonly cpuMs: number; readonly othersCores: number }

const startOnce = async (folder: string): Promise<Start> => {
  const busy = machineBusyMs()
  const own = process.cpuUsage()
  const fortnight = await startFortnight(folder)
  const { ours, postgres } = processesOf(fortnight)
  const spent = process.cpuUsage(own)
  const all = cpu(ours) + cpu(postgres)
  const others = machineBusyMs() - busy - all - (spent.user + spent.system) / 1000
  const start = { readyMs: fortnight.readyMs, cpuMs: cpu(ours), othersCores: others / fortnight.readyMs }
  await fortnight.stop()
  return start
}

const startPeer = async (folder: string): Promise<{ readyMs: number; rssMb: number }> => {
  const startedAt = performance.now()
  const peer = await startAlertmanager(folder)
  const readyMs = performance.now() - startedAt
  await pause(1_000)
  const rssMb = resident(processTree(peer.pid))
  await peer.stop()
  return { readyMs, rssMb }
}

requirePrograms('Alertmanager')
console.log(`${machineLine()}; ${loadLine()}`)
await buildEverything()
const folder = newFolder()
try {
  const first = await startOnce(folder)
  // The second start still writes the compile cache for what the first loaded late.
  await startOnce(folder)
  const starts: Start[] = []
  const peers: { readyMs: number; rssMb: number }[] = []
  for (let run = 0; run < RUNS; run++) {
    starts.push(await startOnce(folder))
    peers.push(await startPeer(folder))
  }
  const ready = median(starts.map(({ readyMs }) => readyMs))
  const peerReady = median(peers.map(({ readyMs }) => readyMs))
  printTable(
    ['start', 'ready ms', 'CPU ms until ready', 'cores of others'],
    [
      ['first, makes the database', whole(first.readyMs), whole(first.cpuMs), tenths(first.othersCores)],
      [
        'warm',
        whole(ready),
        whole(median(starts.map(({ cpuMs }) => cpuMs))),
        tenths(median(starts.map(({ othersCores }) => othersCores))),
      ],
      ['Alertmanager', whole(peerReady), '', ''],
    ],
  )
  console.log(`medians of ${RUNS}; warm starts ${starts.map(({ readyMs }) => whole(readyMs)).join(' ')} ms\n`)

  const fortnight = await startFortnight(folder)
  await pause(REST_MS)
  const { ours, postgres } = processesOf(fortnight)
  await fortnight.stop()
  const sum = resident(ours)
  printTable(
    ['at rest', 'resident MB'],
    [
      ...ours.map((process): [string, string] => [nameOf(process), tenths(process.rssMb)]),
      ['all of ours', tenths(sum)],
      [
        `PostgreSQL, ${postgres.length} processes (shared memory counted in each)`,
        tenths(resident(postgres)),
      ],
      ['Alertmanager', tenths(median(peers.map(({ rssMb }) => rssMb)))],
    ],
  )
  judge([
    { what: 'warm start to ready', measured: ready, atMost: 3_000, unit: 'ms' },
    { what: 'resident at rest', measured: sum, atMost: 250, unit: 'MB' },
  ])
} finally {
  removeFolder(folder)
}
