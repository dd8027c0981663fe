/**
 * A page on a phone's lock screen, in a real Chromium: our service worker is handed what the push service decrypted, shows
 * it, and its Acknowledge button takes the page. Only Google's own delivery is left out: it cannot be reached from here.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { BrowserContext, CDPSession, Page, Worker } from 'playwright-core'
import { acknowledgePage } from '../../src/server/operations/paging/acknowledge-page.ts'
import { pagingTest, type PagingTest } from '../../src/server/operations/paging/paging.fixture.ts'
import { buildWeb } from '../../tools/build/web.ts'
import { eventually } from '../chain/eventually.ts'
import { openBrowser } from '../web/browser.ts'

let paging: PagingTest
let browser: Awaited<ReturnType<typeof openBrowser>>
let context: BrowserContext
let page: Page
let origin = ''

before(async () => {
  await buildWeb(() => undefined)
  paging = await pagingTest({ env: { SMTP_URL: '' } })
  await paging.server.http.listen({ port: 0, host: '127.0.0.1' })
  const address = paging.server.http.server.address() as { port: number }
  origin = `http://localhost:${address.port}`
  browser = await openBrowser()
  context = await browser.newContext({ viewport: { width: 390, height: 844 } })
  await context.grantPermissions(['notifications'], { origin })
  const [name = '', value = ''] = paging.team.engineers[0].cookie.split('=')
  await context.addCookies([{ name, value, url: origin }])
  page = await context.newPage()
  await page.goto(origin)
})
after(async () => {
  await browser?.close()
  await paging?.stop()
})

type Shown = { title: string; body: string; tag: string; actions: string[] }

/** What the code that runs in the browser uses of it; the tests themselves know no DOM. */
type Notified = { title: string; body: string; tag: string; actions?: { action: string }[] }
type Registration = { getNotifications: () => Promise<Notified[]> }
type InPage = {
  navigator: {
    serviceWorker: { register: (path: string) => Promise<unknown>; ready: Promise<Registration> }
  }
}
type InWorker = {
  registration: Registration
  dispatchEvent: (event: unknown) => boolean
  NotificationEvent: new (type: string, init: object) => unknown
}

/** The worker as the built application ships it, registered and in charge of the page. */
const registerWorker = async (): Promise<{ worker: Worker; cdp: CDPSession; registrationId: string }> => {
  const cdp = await context.newCDPSession(page)
  const registered = new Promise<string>((resolve) => {
    cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [found] = registrations
      if (found) resolve(found.registrationId)
    })
  })
  await cdp.send('ServiceWorker.enable')
  await page.evaluate(async () => {
    const { serviceWorker } = (globalThis as unknown as InPage).navigator
    await serviceWorker.register('/sw.js')
    await serviceWorker.ready
  })
  const worker = await eventually('the service worker', () => context.serviceWorkers()[0])
  return { worker, cdp, registrationId: await registered }
}

const notifications = (): Promise<Shown[]> =>
  page.evaluate(async () => {
    const registration = await (globalThis as unknown as InPage).navigator.serviceWorker.ready
    return (await registration.getNotifications()).map(({ title, body, tag, actions = [] }) => ({
      title,
      body,
      tag,
      actions: actions.map(({ action }) => action),
    }))
  })

/** A person's tap: what the browser dispatches when a button of a notification is pressed. */
const press = (worker: Worker, action: string, tag?: string): Promise<void> =>
  worker.evaluate(
    async ([pressed, wanted]) => {
      const scope = globalThis as unknown as InWorker
      const all = await scope.registration.getNotifications()
      const notification = wanted === undefined ? all[0] : all.find((one) => one.tag === wanted)
      scope.dispatchEvent(new scope.NotificationEvent('notificationclick', { notification, action: pressed }))
    },
    [action, tag] as const,
  )

test('the service worker shows the page and its button acknowledges it, by the person whose browser it is', async () => {
  const [bo] = paging.team.engineers
  const phone = await paging.browserOf(bo)
  const { worker, cdp, registrationId } = await registerWorker()
  await paging.fire(paging.team.acmeProd, { name: 'KubeNodeNotReady' })
  await paging.drain()
  const [pushed] = phone.inbox
  assert.ok(pushed, 'the push service has the message')

  await cdp.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data: pushed.text })
  const [row] = await paging.pagesOf(paging.team.acmeProd)
  const [shown] = await eventually('the notification', async () => {
    const all = await notifications()
    return all.length > 0 ? all : undefined
  })
  assert.match(shown!.title, /^\[P1\] Acme production: KubeNodeNotReady/)
  assert.match(shown!.body, /Acme Example, Acme production/)
  assert.deepEqual([shown!.tag, shown!.actions], [row!.id, ['acknowledge', 'open']])
  assert.equal((await paging.pagesOf(paging.team.acmeProd))[0]!.status, 'open', 'showing changes nothing')

  await press(worker, 'acknowledge')
  const taken = await eventually('the acknowledgement', async () => {
    const [now] = await paging.pagesOf(paging.team.acmeProd)
    return now?.status === 'acknowledged' ? now : undefined
  })
  assert.equal(taken.acknowledged_by, bo.id)
  const act = await paging.server.platform.database.db
    .selectFrom('events')
    .select(['actor_id', 'via'])
    .where('stream_id', '=', taken.id)
    .where('type', '=', 'page.acknowledged')
    .executeTakeFirstOrThrow()
  assert.deepEqual(act, { actor_id: bo.id, via: 'link' })
  await eventually('the answer on the lock screen', async () =>
    (await notifications()).some(({ title }) => title === 'Acknowledged') ? true : undefined,
  )
})

test('the button says who was faster, and that an old notification takes nothing: in the words of the server', async () => {
  const [bo, cleo] = paging.team.engineers
  const phone = await paging.browserOf(bo)
  const { worker, cdp, registrationId } = await registerWorker()
  await paging.fire(paging.team.acmeProd, { name: 'EtcdNoLeader' })
  await paging.drain()
  const text = phone.inbox.at(-1)!.text
  const { pageId } = JSON.parse(text)
  const ringAndPress = async () => {
    await cdp.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data: text })
    await eventually(
      'the notification',
      async () =>
        (await notifications()).some(({ tag, actions }) => tag === pageId && actions.length > 0) || undefined,
    )
    await press(worker, 'acknowledge', pageId)
  }
  const answered = (title: string) =>
    eventually(`the answer "${title}"`, async () =>
      (await notifications()).find((one) => one.tag === pageId && one.title === title),
    )
  await acknowledgePage(paging.server.as(cleo.actor), { pageId })
  await ringAndPress()
  assert.equal((await answered('Somebody was faster')).body, 'Cleo Example has it.')
  paging.server.clock.advance(24 * 3_600_000)
  await ringAndPress()
  assert.match((await answered('Not acknowledged')).body, /link has expired/)
})

test('the page view at phone size works without script, and its button takes the page', async () => {
  const [, cleo] = paging.team.engineers
  await paging.fire(
    paging.team.globexProd,
    ...Array.from({ length: 30 }, (_, index) => ({ name: `Alert ${index}` })),
  )
  const [row] = await paging.pagesOf(paging.team.globexProd)
  const scriptless = await browser.newContext({
    viewport: { width: 390, height: 844 },
    javaScriptEnabled: false,
  })
  const [name = '', value = ''] = cleo.cookie.split('=')
  await scriptless.addCookies([{ name, value, url: origin }])
  const phone = await scriptless.newPage()
  const reply = await phone.goto(`${origin}/pages/${row!.id}`)
  assert.ok(((await reply?.body())?.length ?? Infinity) < 20_000)
  const button = phone.getByRole('button', { name: 'Acknowledge as Cleo Example' })
  const box = await button.boundingBox()
  assert.ok(box && box.height >= 48 && box.y + box.height < 844, 'within reach of a thumb, without scrolling')
  const widest = await phone.locator('main').evaluate((main) => main.scrollWidth)
  assert.ok(widest <= 390)
  await button.click()
  await phone.getByText('Cleo Example has it').waitFor()
  const [taken] = await paging.pagesOf(paging.team.globexProd)
  assert.deepEqual([taken!.status, taken!.acknowledged_by], ['acknowledged', cleo.id])
  await scriptless.close()
})
