// The reports over a million stored alerts: a month and a year on call, and which rules have a run book.
import { judge, median, percentile, printTable, tenths } from './figures.ts'
import { bringTeam, buildEverything, call, newFolder, removeFolder, startFortnight } from './fortnight.ts'
import { fillAlerts } from './load/fill-alerts.ts'
import { loadLine, machineLine } from './machine.ts'

const REQUESTS = Number(process.env['BENCH_REQUESTS'] ?? 10)
/** Somebody waits for a report; nobody waits for a year of them at night. */
const MOST_MONTH_MS = 1_000
const MOST_YEAR_MS = 10_000
const DAY_MS = 86_400_000

const now = Date.now()
const since = (days: number): string => `from=${now - days * DAY_MS}&to=${now}`
const asked: readonly (readonly [name: string, path: string, mostMs: number])[] = [
  ['a month', `/api/reports/on-call?${since(30)}`, MOST_MONTH_MS],
  ['a month of one customer', `/api/reports/on-call?${since(30)}&customer=acme`, MOST_MONTH_MS],
  ['a year', `/api/reports/on-call?${since(366)}`, MOST_YEAR_MS],
  ['run books, 90 days', '/api/runbook-coverage', MOST_MONTH_MS],
  ['run books, a year', '/api/runbook-coverage?days=366', MOST_YEAR_MS],
]

console.log(`${machineLine()}; ${loadLine()}`)
await buildEverything()
const folder = newFolder()
const fortnight = await startFortnight(folder)
try {
  const { token } = await bringTeam(fortnight)
  await fillAlerts(await fortnight.connectionString(), (line) => console.log(line))
  const rows: string[][] = []
  const bounds = []
  for (const [name, path, atMost] of asked) {
    const times: number[] = []
    for (let n = 0; n < REQUESTS; n++) {
      const startedAt = performance.now()
      await call(fortnight.url, path, { token })
      times.push(performance.now() - startedAt)
    }
    rows.push([name, tenths(median(times)), tenths(Math.max(...times))])
    bounds.push({ what: name, measured: percentile(times, 0.99), atMost, unit: 'ms' })
  }
  printTable(['report', 'p50 ms', 'longest ms'], rows)
  console.log(`${REQUESTS} requests each, one after the other; ${loadLine()}`)
  judge(bounds)
} finally {
  await fortnight.stop()
  removeFolder(folder)
}
