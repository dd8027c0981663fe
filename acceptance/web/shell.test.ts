/** What holds for every view: keys, the command menu, live updates, one stream for all tabs, what is written comes back on screen. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { openWindow, settle, type Look, type Window } from './browser.ts'
import { alerts } from './replies/alerts.ts'
import { openWeb, type OpenedWeb } from './open-web.ts'

const filled: Look = { state: 'filled', width: 1440, scheme: 'light' }

describe('shell', { concurrency: 1 }, () => {
  let opened: OpenedWeb
  let window: Window
  let page: Page
  before(async () => {
    opened = await openWeb()
    window = await openWindow(opened.browser, opened.web, 1440)
    page = window.page
  })
  after(() => opened?.close())
  const show = async (path: string, look: Partial<Look> = {}): Promise<void> => {
    await window.show(path, { ...filled, ...look })
    await settle(page, { ...filled, ...look })
  }
  const title = (text: string | RegExp): Promise<void> =>
    page.getByRole('heading', { level: 1, name: text }).waitFor()

  test('g and a letter goes to an area, from anywhere but a text field', async () => {
    await show('/')
    await page.keyboard.press('g')
    await page.keyboard.press('a')
    await title('Alerts')
    await page.keyboard.press('f')
    await page.keyboard.type('gh')
    await page.waitForURL(/query=gh/)
    await title('Alerts')
  })

  test('j and k walk a list, Enter opens the row, and the address is the record’s', async () => {
    await show('/alerts')
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    const focused = page.locator('[role="row"]:focus-within')
    assert.equal(await focused.getAttribute('aria-rowindex'), '3')
    await page.keyboard.press('k')
    assert.equal(await focused.getAttribute('aria-rowindex'), '2')
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/alerts/${alerts[0]!.id}`)
  })

  test('the end of 1,000 rows is reached by keys, loading on the way', async () => {
    await show('/alerts', { state: 'thousand' })
    await page.keyboard.press('j')
    // A hundred rows at a time; the heading is counted too.
    for (let rows = 201; rows <= 1001; rows += 100) {
      await page.keyboard.press('End')
      await page.locator(`[role="table"][aria-rowcount="${rows}"]`).waitFor()
    }
    await page.keyboard.press('End')
    await page.locator('[role="row"][aria-rowindex="1001"]:focus-within').waitFor()
    assert.ok((await page.locator('[role="row"][data-index]').count()) < 80)
  })

  test('? lists the keys of this page and of all pages, and Escape closes it', async () => {
    await show('/alerts')
    await page.keyboard.press('?')
    const dialog = page.getByRole('dialog', { name: 'Keys' })
    await dialog.getByText('Next row').waitFor()
    await dialog.getByText('Go to Decision Log').waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  test('the command menu knows the record on screen, the areas and the environments', async () => {
    await show(`/alerts/${alerts[0]!.id}`)
    await page.keyboard.press('Control+k')
    const menu = page.getByRole('dialog')
    await menu.getByText('Open an incident').waitFor()
    await menu.getByText(/acme-prod · Acme Health/).waitFor()
    await page.keyboard.type('decision l')
    await page.keyboard.press('Enter')
    await title('Decision Log')
  })

  test('a first Tab offers to skip to the content, and each thing reached shows where one is', async () => {
    await show('/alerts')
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate('document.activeElement.textContent'), 'Skip to content')
    for (let stop = 0; stop < 25; stop += 1) {
      await page.keyboard.press('Tab')
      const seen = (await page.evaluate(`(() => {
        const one = document.activeElement
        if (!one || one === document.body) return 'nothing'
        const shown = (style) => style.outlineStyle !== 'none' || style.boxShadow !== 'none'
        // A row or a field may show it for what is inside.
        for (let at = one, up = 0; at && up < 4; at = at.parentElement, up += 1) if (shown(getComputedStyle(at))) return 'shown'
        return one.outerHTML.slice(0, 120)
      })()`)) as string
      if (seen === 'nothing') break
      assert.equal(seen, 'shown')
    }
  })

  test('what another person changed is on screen within a second, without a reload', async () => {
    await show('/alerts')
    await page.getByText('Live', { exact: true }).first().waitFor()
    const asked = page.waitForRequest(/\/api\/alerts\?/, { timeout: 1_000 })
    opened.web.say({ area: 'alerts', type: 'alert.acknowledged', id: alerts[0]!.id })
    await asked
  })

  test('two windows of one browser share one live stream, and the second takes over when the first is closed', async () => {
    await show('/alerts')
    const second = await window.context.newPage()
    let streams = 0
    second.on('request', (request) => {
      if (request.url().endsWith('/api/live')) streams += 1
    })
    await second.route('**/api/**', (route) =>
      route.request().url().includes('/api/live') ? route.continue() : route.abort(),
    )
    await second.goto(`${opened.web.url}/sign-in`)
    await second.locator('h1').first().waitFor()
    assert.equal(streams, 0)
    const taken = second.waitForRequest(/\/api\/live/)
    await page.goto('about:blank')
    await taken
    await second.close()
  })

  test('a lost connection is said in the frame, and unsaid when it is back', async () => {
    await show('/alerts')
    await page.getByText('Live', { exact: true }).first().waitFor()
    opened.web.live(false)
    await page.getByText('The connection to the server is lost.').waitFor({ timeout: 15_000 })
    opened.web.live(true)
    await page
      .getByText('The connection to the server is lost.')
      .waitFor({ state: 'detached', timeout: 15_000 })
  })

  test('light and dark are chosen by key and kept', async () => {
    await show('/')
    const background = (): Promise<unknown> =>
      page.evaluate('getComputedStyle(document.body).backgroundColor')
    const light = await background()
    await page.keyboard.press('g')
    await page.keyboard.press('t')
    await page.keyboard.press('g')
    await page.keyboard.press('t')
    const dark = await background()
    assert.notEqual(dark, light)
    await page.reload()
    await page.locator('h1').first().waitFor()
    assert.equal(await background(), dark)
    await page.evaluate('localStorage.clear()')
  })

  test('somebody who is not signed in is sent to sign in, and then to where they wanted to go', async () => {
    await show('/')
    await page.route('**/api/me', (route) =>
      route.fulfill({
        status: 401,
        contentType: 'application/problem+json',
        body: JSON.stringify({
          code: 'not-signed-in',
          title: 'Sign in first',
          status: 401,
          detail: 'Sign in.',
          requestId: 'r',
        }),
      }),
    )
    await page.goto(`${opened.web.url}/alerts?status=closed`)
    await title(/Sign in to/)
    await page.route('**/api/session', (route) => route.fulfill({ json: { done: true } }))
    await page.unroute('**/api/me')
    await page.getByLabel('Name or e-mail address').fill('astrid')
    await page.getByLabel('Password').fill('not a real one')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL('**/alerts?status=closed')
    await title('Alerts')
  })

  test('a link to another site never becomes the place after signing in', async () => {
    await show('/sign-in?to=//evil.example/alerts')
    await page.route('**/api/session', (route) => route.fulfill({ json: { done: true } }))
    await page.getByLabel('Name or e-mail address').fill('astrid')
    await page.getByLabel('Password').fill('not a real one')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await title('Home')
    assert.ok(page.url().startsWith(opened.web.url))
  })

  test('of sections that do not all fit on a phone, the open one is in sight', async () => {
    for (const path of ['/settings/people', '/environments/acme-prod?tab=keys']) {
      await show(path, { width: 390 })
      const open = page.locator('main nav').first().locator('a[aria-current="page"]')
      assert.equal(await open.count(), 1, 'one section is open')
      const box = await open.boundingBox()
      assert.ok(box && box.x >= 0 && box.x + box.width <= 390, `${path}: ${JSON.stringify(box)}`)
    }
  })
})
