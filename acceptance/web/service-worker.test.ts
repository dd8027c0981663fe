/** The worker in a real browser: a push rings, Acknowledge posts the token once, and a press opens the page. */
import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { after, before, test } from 'node:test'
import type { Browser, BrowserContext, CDPSession, Page, Worker } from 'playwright-core'
import { openBrowser } from './browser.ts'

const source = readFileSync(fileURLToPath(new URL('../../src/web/public/sw.js', import.meta.url)))
let browser: Browser
let context: BrowserContext
let page: Page
let session: CDPSession
let server: Server
let origin = ''
let registrationId: Promise<string>
const posted: string[] = []
let answer = { status: 200, type: 'text/html', body: '<p>ok' }

before(async () => {
  server = createServer((request, response) => {
    if (request.method === 'POST') {
      let body = ''
      request.on('data', (part) => (body += String(part)))
      request.on('end', () => {
        posted.push(`${request.url} ${body}`)
        response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.body)
      })
      return
    }
    if (request.url === '/sw.js')
      return void response.writeHead(200, { 'content-type': 'text/javascript' }).end(source)
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>t</title>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://localhost:${(server.address() as AddressInfo).port}`
  browser = await openBrowser()
  context = await browser.newContext({ permissions: ['notifications'] })
  page = await context.newPage()
  await page.goto(origin)
  session = await context.newCDPSession(page)
  registrationId = new Promise((resolve) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const mine = registrations.find(({ scopeURL }) => scopeURL === `${origin}/`)
      if (mine) resolve(mine.registrationId)
    })
  })
  await session.send('ServiceWorker.enable')
})
after(async () => {
  await browser?.close()
  server?.closeAllConnections()
  await new Promise((resolve) => server?.close(resolve))
})

const startWorker = async (): Promise<Worker> => {
  const started = context.serviceWorkers()[0] ?? context.waitForEvent('serviceworker')
  await page.evaluate(`navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready)`)
  const worker = await started
  await listen(worker)
  return worker
}

const push = async (payload: unknown): Promise<void> => {
  await session.send('ServiceWorker.deliverPushMessage', {
    origin,
    registrationId: await registrationId,
    data: JSON.stringify(payload),
  })
}

type Shown = { title: string; body: string; tag: string; actions: string[] }
/**
 * Waits until the worker has shown a notification of this title, each once, and reads it back from the browser.
 * Never by asking again and again: Chromium forgets a notification that is asked for before it is drawn.
 */
const shown = async (worker: Worker, title: string): Promise<Shown> =>
  (await worker.evaluate(`(async () => {
    await new Promise((resolve, reject) => {
      const patience = setTimeout(() => reject(new Error('no such notification was shown')), 20_000)
      self.lookForNotification = () => {
        const at = self.shownTitles.indexOf(${JSON.stringify(title)})
        if (at < 0) return
        self.shownTitles.splice(at, 1)
        clearTimeout(patience)
        resolve()
      }
      self.lookForNotification()
    })
    const one = (await self.registration.getNotifications()).find(({ title }) => title === ${JSON.stringify(title)})
    return { title: one.title, body: one.body, tag: one.tag, actions: one.actions.map(({ action }) => action) }
  })()`)) as Shown

/** Makes the worker remember what it has shown. */
const listen = (worker: Worker): Promise<unknown> =>
  worker.evaluate(`(() => {
    if (self.shownTitles) return
    self.shownTitles = []
    const show = ServiceWorkerRegistration.prototype.showNotification
    ServiceWorkerRegistration.prototype.showNotification = async function (title, options) {
      await show.call(this, title, options)
      self.shownTitles.push(title)
      self.lookForNotification?.()
    }
  })()`)

/** What the system does when somebody presses the notification or one of its buttons. */
const press = (worker: Worker, title: string, action: string): Promise<unknown> =>
  worker.evaluate(`(async () => {
    const all = await self.registration.getNotifications()
    const notification = all.find((one) => one.title === ${JSON.stringify(title)})
    const event = new NotificationEvent('notificationclick', { notification, action: ${JSON.stringify(action)} })
    self.dispatchEvent(event)
  })()`)

const message = {
  kind: 'page',
  pageId: '01934f5e-7a00-7000-8000-000000000009',
  title: '[P1] Acme production: KubeAPIDown',
  body: 'Acme Health, Acme production',
  url: '/pages/01934f5e-7a00-7000-8000-000000000009',
  acknowledge: { url: '/acknowledge', token: 'made-for-this-test' },
}

test('a push shows the page with a button that takes it; the button posts the token, once', async () => {
  const worker = await startWorker()
  await push(message)
  const seen = await shown(worker, message.title)
  assert.deepEqual(seen, {
    title: message.title,
    body: message.body,
    tag: message.pageId,
    actions: ['acknowledge', 'open'],
  })
  await press(worker, message.title, 'acknowledge')
  assert.equal((await shown(worker, 'Acknowledged')).body, message.title)
  assert.deepEqual(posted.splice(0), ['/acknowledge token=made-for-this-test'])
})

test('when somebody was faster the notification says who', async () => {
  const worker = await startWorker()
  answer = {
    status: 200,
    type: 'application/json',
    body: JSON.stringify({ mine: false, by: 'Bo Fiktivsson' }),
  }
  await push(message)
  await shown(worker, message.title)
  await press(worker, message.title, 'acknowledge')
  assert.equal((await shown(worker, 'Somebody was faster')).body, 'Bo Fiktivsson has it.')
})

test('an acknowledgement that did not arrive is said, not assumed', async () => {
  const worker = await startWorker()
  answer = { status: 503, type: 'text/html', body: '' }
  await push(message)
  await shown(worker, message.title)
  await press(worker, message.title, 'acknowledge')
  assert.match((await shown(worker, 'Not acknowledged')).body, /did not arrive/)
})

test('a message of another kind, or none at all, still rings and has no such button', async () => {
  const worker = await startWorker()
  await push({
    kind: 'test',
    title: 'Fortnight can reach you here',
    body: 'This is how a page will arrive.',
    url: '/',
  })
  assert.deepEqual((await shown(worker, 'Fortnight can reach you here')).actions, [])
  await push('not an object')
  assert.equal((await shown(worker, 'Fortnight')).body, 'Something needs you. Open Fortnight.')
})

test('an address of another origin is never called', async () => {
  const worker = await startWorker()
  posted.length = 0
  await push({
    ...message,
    title: 'From afar',
    pageId: 'afar',
    acknowledge: { url: 'https://evil.example/acknowledge', token: 't' },
  })
  await shown(worker, 'From afar')
  await press(worker, 'From afar', 'acknowledge')
  assert.match((await shown(worker, 'Not acknowledged')).body, /did not arrive/)
  assert.deepEqual(posted, [])
})
