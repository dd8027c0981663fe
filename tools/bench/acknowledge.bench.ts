// Taking a page while a storm of webhooks arrives: whoever presses the button must not wait for the machines.
import { setTimeout as pause } from 'node:timers/promises'
import { judge, median, percentile, printTable, tenths, whole } from './figures.ts'
import { bringTeam, buildEverything, call, newFolder, removeFolder, startFortnight } from './fortnight.ts'
import { startStorm } from './load/fixed-rate.ts'
import { loadLine, machineLine } from './machine.ts'

const PAGES = Number(process.env['BENCH_PAGES'] ?? 100)
const PER_SECOND = Number(process.env['BENCH_RATE'] ?? 1_000)
const APART_MS = 50
const WARM_MS = 3_000

type Door = { readonly url: string; readonly token: string; readonly key: string }

/** One alert more urgent than the storm's, and so a page of its own. @returns its id */
const ringPage = async ({ url, token, key }: Door, alertname: string): Promise<string> => {
  const labels = { alertname, severity: 'critical', cluster: 'workload-1' }
  const alerts = [{ status: 'firing', labels, annotations: {}, startsAt: new Date().toISOString() }]
  await call(url, '/integrations/alertmanager', { token: key, body: { version: '4', alerts } })
  type Pages = { readonly rows: readonly { readonly id: string; readonly title: string }[] }
  const { reply } = await call<Pages>(url, '/api/pages?status=open&limit=20', { token })
  const page = reply.rows.find(({ title }) => title.startsWith(alertname))
  if (!page) throw new Error(`no page rings for ${alertname}`)
  return page.id
}

const acknowledgeSome = async (door: Door, label: string): Promise<number[]> => {
  const times: number[] = []
  for (let number = 0; number < PAGES; number++) {
    const page = await ringPage(door, `${label}Number${number}`)
    const startedAt = performance.now()
    await call(door.url, `/api/pages/${page}/acknowledge`, { token: door.token, body: {} })
    times.push(performance.now() - startedAt)
    await pause(APART_MS)
  }
  return times
}

console.log(`${machineLine()}; ${loadLine()}`)
await buildEverything()
const folder = newFolder()
const fortnight = await startFortnight(folder)
try {
  const { token, keyOf } = await bringTeam(fortnight)
  const door = { url: fortnight.url, token, key: await keyOf('acme-prod') }
  const quiet = await acknowledgeSome(door, 'Quiet')
  const storm = startStorm({ url: door.url, key: door.key, perSecond: PER_SECOND })
  await pause(WARM_MS)
  const stormy = await acknowledgeSome(door, 'Storm')
  const { sent, answered, refused, seconds } = await storm.stop()
  const row = (name: string, times: readonly number[]): string[] => [
    name,
    tenths(median(times)),
    tenths(percentile(times, 0.99)),
    tenths(Math.max(...times)),
  ]
  printTable(
    ['acknowledge', 'p50 ms', 'p99 ms', 'longest ms'],
    [row('nothing else happens', quiet), row(`${whole(answered / seconds)} webhooks/s answered`, stormy)],
  )
  console.log(
    `${PAGES} each; storm: ${whole(sent / seconds)} requests/s of ten alerts sent, ${whole(answered)} of ${whole(sent)} answered by the end, ${refused} refused; ${loadLine()}`,
  )
  judge([
    { what: 'acknowledge in a storm, p99', measured: percentile(stormy, 0.99), atMost: 250, unit: 'ms' },
  ])
  if (refused > 0) throw new Error('the storm met refusals: nothing may be refused at this rate')
} finally {
  await fortnight.stop()
  removeFolder(folder)
}
