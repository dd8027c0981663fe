// The home view in a real browser with nothing in its cache: from the press of Enter to everything shown, and what crosses the wire.
import { chromium, type Browser } from 'playwright-core'
import { judge, median, printTable, tenths, whole } from './figures.ts'
import { bringTeam, buildEverything, call, newFolder, removeFolder, startFortnight } from './fortnight.ts'
import { loadLine, machineLine } from './machine.ts'
import { findProgram, programs, type Program } from '../steps/programs.ts'

const RUNS = Number(process.env['BENCH_RUNS'] ?? 15)
const ALERTS = 40

/** Waits, picture by picture, until there is a heading and nothing is a placeholder any more. */
const WATCH = `
  const when = (seen) =>
    new Promise((resolve) => {
      const look = () => (seen() ? resolve(performance.now()) : requestAnimationFrame(look))
      requestAnimationFrame(look)
    })
  const filled = () =>
    document.querySelector('h1') && !document.querySelector('[aria-busy="true"], [data-bones]')
  globalThis.content = when(filled)
  // The application itself, not the server's picture of it.
  globalThis.answers = when(() => document.querySelector('#root h1') && filled())
`

type Seen = {
  readonly paintMs: number
  /** The later of all content being there and the first paint. */
  readonly contentMs: number
  /** From here on it does what is pressed. */
  readonly answersMs: number
  readonly kilobytes: number
}

const openHome = async (browser: Browser, url: string, cookie: string, times: 1 | 2): Promise<Seen> => {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    serviceWorkers: 'block',
  })
  const [name = '', value = ''] = cookie.split('=')
  await context.addCookies([{ name, value, url }])
  const page = await context.newPage()
  await page.addInitScript(WATCH)
  const session = await context.newCDPSession(page)
  await session.send('Network.enable')
  let bytes = 0
  session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength))
  for (let time = 0; time < times; time++) {
    bytes = 0
    await page.goto(url, { waitUntil: 'load' })
    await page.evaluate('Promise.all([globalThis.content, globalThis.answers])')
  }
  const [paintMs, filledMs, answersMs] = (await page.evaluate(`
    const painted = new Promise((resolve) => {
      const name = 'first-contentful-paint'
      new PerformanceObserver((list) => list.getEntriesByName(name).forEach(({ startTime }) => resolve(startTime)))
        .observe({ type: 'paint', buffered: true })
    })
    Promise.all([painted, globalThis.content, globalThis.answers])`)) as [number, number, number]
  await context.close()
  return { paintMs, contentMs: Math.max(paintMs, filledMs), answersMs, kilobytes: bytes / 1000 }
}

const row = (name: string, all: readonly Seen[]): string[] => [
  name,
  tenths(median(all.map(({ paintMs }) => paintMs))),
  tenths(median(all.map(({ contentMs }) => contentMs))),
  tenths(Math.max(...all.map(({ contentMs }) => contentMs))),
  tenths(median(all.map(({ answersMs }) => answersMs))),
  tenths(median(all.map(({ kilobytes }) => kilobytes))),
]

const openAlerts = async (url: string, key: string): Promise<void> => {
  const alerts = Array.from({ length: ALERTS }, (_, number) => ({
    status: 'firing',
    labels: {
      alertname: `Alert${number}`,
      severity: number % 2 ? 'warning' : 'critical',
      pod: `p-${number}`,
    },
    annotations: { summary: `Something is wrong with pod ${number}.` },
    startsAt: new Date().toISOString(),
  }))
  await call(url, '/integrations/alertmanager', { token: key, body: { version: '4', alerts } })
}

const chromiumAt = findProgram(programs.find(({ name }) => name === 'Chromium') as Program)
if (!chromiumAt) {
  console.log('This bench needs Chromium. Install it: apt-get install chromium')
  process.exit(1)
}
console.log(`${machineLine()}; ${loadLine()}`)
await buildEverything()
const folder = newFolder()
const fortnight = await startFortnight(folder)
const browser = await chromium.launch({
  executablePath: chromiumAt,
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
})
try {
  const team = await bringTeam(fortnight)
  await openAlerts(fortnight.url, await team.keyOf('acme-prod'))
  const url = fortnight.url.replace('127.0.0.1', 'localhost')
  await openHome(browser, url, team.cookie, 1)
  const cold: Seen[] = []
  const warm: Seen[] = []
  for (let run = 0; run < RUNS; run++) {
    cold.push(await openHome(browser, url, team.cookie, 1))
    warm.push(await openHome(browser, url, team.cookie, 2))
  }
  printTable(
    ['home', 'first paint ms', 'all content ms', 'longest ms', 'does what is pressed ms', 'kB on the wire'],
    [row('nothing cached', cold), row('second visit', warm)],
  )
  console.log(`medians of ${whole(RUNS)} loads, ${ALERTS} open alerts; ${loadLine()}`)
  judge([
    {
      what: 'home, nothing cached, to all content',
      measured: median(cold.map(({ contentMs }) => contentMs)),
      atMost: 300,
      unit: 'ms',
    },
    {
      what: 'home on the wire, replies of the API too',
      measured: median(cold.map(({ kilobytes }) => kilobytes)),
      atMost: 150,
      unit: 'kB',
    },
  ])
} finally {
  await browser.close()
  await fortnight.stop()
  removeFolder(folder)
}
