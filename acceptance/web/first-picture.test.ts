/** The home view is there before the application: drawn by the server for who asks, replaced without a flicker, and it keeps what was pressed meanwhile. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { after, before, test } from 'node:test'
import type { Browser, BrowserContext, Page, Route } from 'playwright-core'
import { bringTeam, call, type Team } from '../../tools/bench/fortnight.ts'
import { buildWeb } from '../../tools/build/web.ts'
import { projectRoot, startServer, type RunningServer } from '../chain/running-server.ts'
import { openBrowser } from './browser.ts'

let server: RunningServer
let team: Team
let browser: Browser

before(async () => {
  await buildWeb(() => undefined)
  server = await startServer({})
  const setupToken = async () => new URL(server.setupLink).searchParams.get('token') ?? ''
  team = await bringTeam({ ...server, setupToken } as never)
  const alert = {
    status: 'firing',
    labels: { alertname: 'EtcdQuorumLost', severity: 'critical', cluster: 'workload-1' },
    annotations: { summary: 'Ends here: </script><b id="injected">' },
    startsAt: new Date().toISOString(),
  }
  const key = await team.keyOf('acme-prod')
  await call(server.url, '/integrations/alertmanager', {
    token: key,
    body: { version: '4', alerts: [alert] },
  })
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const asAda = async (options = {}): Promise<BrowserContext> => {
  const context = await browser.newContext({ baseURL: server.url, serviceWorkers: 'block', ...options })
  const [name = '', value = ''] = team.cookie.split('=')
  await context.addCookies([{ name, value, url: server.url }])
  return context
}
const pictureIn = (page: Page) => page.locator('#picture')
const pageText = async (cookie: string): Promise<string> =>
  (await fetch(server.url, { headers: { accept: 'text/html', cookie } })).text()

/** Scripts arrive when they are let go; everything else at once. */
const holdScripts = async (page: Page): Promise<() => Promise<void>> => {
  const held: Route[] = []
  let open = false
  await page.route('**/assets/*.js', (route) => (open ? route.continue() : void held.push(route)))
  return async () => {
    open = true
    await Promise.all(held.map((route) => route.continue()))
  }
}

test('without a line of script the home view shows who is on call and what is open', async () => {
  const context = await asAda({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto('/')
  const text = await pictureIn(page).innerText()
  assert.match(text, /EtcdQuorumLost/)
  assert.match(text, /This fortnight|On call/)
  assert.equal(await page.locator('#picture [data-bones]').count(), 0)
  assert.ok((await page.locator('#picture figure svg').count()) > 0, 'the rota is drawn')
  assert.equal(await page.locator('#injected').count(), 0)
  await context.close()
})

test('the application takes its place and asks for nothing that came with the page', async () => {
  const context = await asAda()
  const page = await context.newPage()
  const asked: string[] = []
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (pathname.startsWith('/api/')) asked.push(pathname)
  })
  const live = page.waitForRequest(/\/api\/live\?since=/)
  await page.goto('/')
  await page.locator('#root h1').waitFor()
  await live
  assert.equal(await pictureIn(page).count(), 0)
  assert.equal(await page.locator('#answers').count(), 0)
  assert.equal(await page.locator('#root').getByText('EtcdQuorumLost').first().isVisible(), true)
  await page.getByText('Live', { exact: true }).first().waitFor()
  // What is mostly empty comes when the rest stands, with its code.
  const late = ['/api/drills/proven', '/api/hand-over-notes', '/api/maintenance-windows']
  assert.deepEqual(
    [...new Set(asked)].filter((path) => !late.includes(path)),
    ['/api/live'],
  )
  await context.close()
})

test('a button that is pressed on the picture does its work when the application is there', async () => {
  const context = await asAda()
  const page = await context.newPage()
  const letGo = await holdScripts(page)
  await page.goto('/', { waitUntil: 'commit' })
  await pictureIn(page).getByRole('button', { name: 'Acknowledge' }).click()
  const sent = page.waitForResponse((reply) => reply.request().method() === 'POST')
  await letGo()
  assert.equal((await sent).status(), 200)
  const { reply } = await call<{ rows: { status: string }[] }>(server.url, '/api/pages', {
    token: team.token,
  })
  assert.deepEqual(
    reply.rows.map(({ status }) => status),
    ['acknowledged'],
  )
  await context.close()
})

test('who is not signed in, or no longer, gets no picture and nobody answers', async () => {
  for (const cookie of ['', 'fortnight_session=nobody', `${team.cookie}x`]) {
    const text = await pageText(cookie)
    assert.match(text, /<div id="root">/)
    assert.doesNotMatch(text, /id="picture"|id="answers"|EtcdQuorumLost/)
  }
})

test('a page with a picture is nobody else’s to keep, and what it carries cannot end its element', async () => {
  const reply = await fetch(server.url, { headers: { accept: 'text/html', cookie: team.cookie } })
  assert.match(reply.headers.get('cache-control') ?? '', /private/)
  assert.match(reply.headers.get('vary') ?? '', /cookie/)
  const [, answers = ''] =
    /<script type="application\/json" id="answers"[^>]*>([^]*?)<\/script>/.exec(await reply.text()) ?? []
  assert.match(JSON.stringify(JSON.parse(answers)), /<\/script><b id=/)
})

test('when what draws is killed the page comes without, and the next one with a picture again', async () => {
  const painters = (): string[] =>
    execFileSync('pgrep', ['-f', `${projectRoot}/dist/web-picture/first-picture.mjs`])
      .toString()
      .trim()
      .split('\n')
  assert.match(await pageText(team.cookie), /id="picture"/)
  for (const pid of painters()) process.kill(Number(pid), 'SIGKILL')
  // Whether or not its end was noticed yet, the page itself always comes.
  assert.match(await pageText(team.cookie), /<div id="root">/)
  assert.match(await pageText(team.cookie), /id="picture"/)
})
