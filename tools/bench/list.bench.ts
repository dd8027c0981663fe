// The first page of the alert list with 100,000 alerts not closed and a million stored, asked for in every way people ask.
import { judge, median, percentile, printTable, tenths } from './figures.ts'
import { bringTeam, buildEverything, call, newFolder, removeFolder, startFortnight } from './fortnight.ts'
import { fillAlerts } from './load/fill-alerts.ts'
import { loadLine, machineLine } from './machine.ts'

const REQUESTS = Number(process.env['BENCH_REQUESTS'] ?? 200)
const MOST_MS = 100
const FIRST_PAGE = 'limit=100&status=not-closed'

/** Frequent and rare values, and one that nothing has: an index in order serves the first, only one by value the others. */
const asked: readonly (readonly [name: string, query: string])[] = [
  ['no query', ''],
  ['an environment', 'environment=acme-prod'],
  ['a rare environment', 'environment=northwind-prod'],
  ['priority P1', 'priority=P1'],
  ['a frequent tag', 'query=tag:storage'],
  ['a rare tag', 'query=tag:rare-1000'],
  ['a tag that nothing has', 'query=tag:nowhere'],
  ['a frequent label', 'query=label.team:platform'],
  ['a rare label', 'query=label.pod:worker-700000'],
  ['a cluster', 'query=cluster:c70'],
  ['a label that nothing has', 'query=label.pod:nowhere'],
  ['free text, frequent', 'query=crash'],
  ['free text, rare', 'query=worker-700000'],
  ['free text that nothing has', 'query=nowhere'],
  ['several at once', 'query=priority <= P2 AND (label.team:platform OR tag:storage) NOT owner:me'],
]

/** The first part of groups, and a whole count; what follows the first part comes while people read. */
const grouped: readonly (readonly [name: string, path: string])[] = [
  ['groups as usual', 'groups?status=not-closed'],
  ['groups by environment', 'groups?status=not-closed&by=environment'],
  ['groups by a label with 100,000 values', 'groups?status=not-closed&by=pod'],
  ['groups of a frequent label', 'groups?status=not-closed&query=label.team:platform'],
  ['groups of free text', 'groups?status=not-closed&query=crash'],
]

console.log(`${machineLine()}; ${loadLine()}`)
await buildEverything()
const folder = newFolder()
const fortnight = await startFortnight(folder)
try {
  const { token } = await bringTeam(fortnight)
  await fillAlerts(await fortnight.connectionString(), (line) => console.log(line))
  const timesOf = async (path: string): Promise<number[]> => {
    const times: number[] = []
    await call(fortnight.url, path, { token })
    for (let n = 0; n < REQUESTS; n++) {
      const startedAt = performance.now()
      await call(fortnight.url, path, { token })
      times.push(performance.now() - startedAt)
    }
    return times
  }
  const rows: string[][] = []
  let slowest = 0
  for (const [name, query] of asked) {
    const times = await timesOf(encodeURI(`/api/alerts?${FIRST_PAGE}&${query}`))
    slowest = Math.max(slowest, percentile(times, 0.99))
    rows.push([name, tenths(median(times)), tenths(percentile(times, 0.99)), tenths(Math.max(...times))])
  }
  for (const [name, path] of grouped) {
    const times = await timesOf(encodeURI(`/api/alerts/${path}`))
    slowest = Math.max(slowest, percentile(times, 0.99))
    rows.push([name, tenths(median(times)), tenths(percentile(times, 0.99)), tenths(Math.max(...times))])
  }
  const counts = await timesOf('/api/alerts/count?status=not-closed&query=crash')
  rows.push([
    'a count of all 100,000, by words',
    ...[median(counts), percentile(counts, 0.99), Math.max(...counts)].map(tenths),
  ])
  printTable(['first page of the list', 'p50 ms', 'p99 ms', 'longest ms'], rows)
  console.log(`${REQUESTS} requests each, one after the other; ${loadLine()}`)
  judge([{ what: 'slowest p99', measured: slowest, atMost: MOST_MS, unit: 'ms' }])
} finally {
  await fortnight.stop()
  removeFolder(folder)
}
