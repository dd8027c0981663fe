/** A real browser before fixed replies: opens one view in one state, width and colour scheme, and remembers what went wrong. */
import { existsSync } from 'node:fs'
import {
  chromium,
  type Browser,
  type BrowserContext,
  type Page,
  type Route as Intercepted,
} from 'playwright-core'
import type { z } from 'zod'
import { permissionsOf, type Permission, type Role } from '../../src/domain/people/permissions.ts'
import { allReplies } from './replies/index.ts'
import type { Case } from './replies/reply.ts'
import type { WebServer } from './web-server.ts'

export type State = Case | 'loading' | 'failing'
export type Look = {
  readonly state: State
  readonly width: 1440 | 390 | 360
  readonly scheme: 'light' | 'dark'
  readonly who?: 'person' | 'contact'
  /** Of the person; administrator and engineer when it does not matter. */
  readonly role?: Role
}

const executable = process.env['FORTNIGHT_CHROMIUM'] ?? '/usr/bin/chromium'

/** @param letterPx what the reader has set as the size of letters; 16 is what browsers come with */
export const openBrowser = (letterPx = 16): Promise<Browser> => {
  if (!existsSync(executable))
    throw new Error(`Chromium is missing at ${executable}. Install it: apt-get install chromium`)
  // The last of these switches counts, and ours would take away that of a mouse: so it is said again.
  const mouse = 'primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4'
  const letters = `defaultFontSize=${letterPx},defaultFixedFontSize=${(letterPx * 13) / 16}`
  return chromium.launch({
    executablePath: executable,
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      ...(letterPx === 16 ? [] : [`--blink-settings=${mouse},${letters}`]),
    ],
  })
}

const patternOf = (path: string): RegExp => new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`)
const table = allReplies.map(({ route, answer }) => ({ route, answer, pattern: patternOf(route.path) }))

/** The frame needs to know who is there; a view that loads or fails does so inside it. */
const always = new Set(['/api/me', '/api/sign-in'])

const problem = {
  type: 'urn:fortnight:error:unavailable',
  code: 'not-allowed',
  title: 'Not available at this moment',
  status: 403,
  detail: 'The database does not answer. Nothing was stored; try again in a moment.',
  requestId: 'Zm9ydG5pZ2h0',
}

const answerTo = async (
  intercepted: Intercepted,
  look: Look,
  faults: string[],
  waiting: Intercepted[],
): Promise<void> => {
  const request = intercepted.request()
  const url = new URL(request.url())
  const found = table.find(
    ({ route, pattern }) => route.method === request.method() && pattern.test(url.pathname),
  )
  const frame = always.has(url.pathname)
  if (!found) {
    faults.push(`no reply is prepared for ${request.method()} ${url.pathname}`)
    return intercepted.fulfill({ status: 501, json: { ...problem, status: 501 } })
  }
  // Not answered until the test lets it be: the view stays in its bones.
  if (look.state === 'loading' && !frame) return void waiting.push(intercepted)
  if (look.state === 'failing' && !frame)
    return intercepted.fulfill({
      // 503 would be asked again: the fault is to show at once.
      status: 500,
      contentType: 'application/problem+json',
      body: JSON.stringify({ ...problem, code: 'unexpected', status: 500 }),
    })
  const kase: Case = look.state === 'loading' || look.state === 'failing' ? 'filled' : look.state
  const permissions = permissionsOf(
    look.who === 'contact'
      ? { kind: 'contact' }
      : { kind: 'person', roles: look.role ? [look.role] : ['administrator', 'engineer'] },
  )
  const asked = {
    params: { ...found.pattern.exec(url.pathname)?.groups },
    query: url.searchParams,
    body: request.postDataJSON?.() as unknown,
    contact: look.who === 'contact',
    permissions,
    may: (permission: Permission) => permissions.includes(permission),
  }
  const body = found.answer(kase, asked)
  const checked = (found.route.reply as z.ZodType).safeParse(body)
  if (!checked.success)
    faults.push(`the prepared reply to ${found.route.path} breaks its contract: ${checked.error.message}`)
  // A recording is text, not JSON.
  if (typeof body === 'string')
    return intercepted.fulfill({ status: 200, contentType: 'application/x-asciicast', body })
  return intercepted.fulfill({ status: found.route.status ?? 200, json: body })
}

export type Opened = {
  readonly page: Page
  readonly context: BrowserContext
  /** Errors of the page, refusals of the content policy, unanswered requests. */
  readonly faults: string[]
  readonly close: () => Promise<void>
}

/** A window in which one view after the other can be opened, each in its own state. */
export type Window = Opened & {
  readonly show: (path: string, look: Look) => Promise<void>
  /** Answers what a loading view waits for. */
  readonly fill: () => Promise<void>
}

export const openWindow = async (browser: Browser, web: WebServer, width: Look['width']): Promise<Window> => {
  const faults: string[] = []
  const waiting: Intercepted[] = []
  let current: Look = { state: 'filled', width, scheme: 'light' }
  const context = await browser.newContext({
    viewport: { width, height: width === 1440 ? 900 : 844 },
    reducedMotion: 'reduce',
    serviceWorkers: 'block',
    locale: 'en-GB',
    timezoneId: 'Europe/Stockholm',
    hasTouch: width < 500,
    isMobile: width < 500,
  })
  const page = await context.newPage()
  page.on('pageerror', (error) => faults.push(`page error: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
      faults.push(`console: ${message.text()}`)
  })
  const apart = (url: URL): boolean => url.pathname.startsWith('/api/') && url.pathname !== '/api/live'
  await page.route(apart, (intercepted) => answerTo(intercepted, current, faults, waiting))
  return {
    page,
    context,
    faults,
    close: () => context.close(),
    fill: async () => {
      current = { ...current, state: 'filled' }
      await Promise.all(
        waiting.splice(0).map((intercepted) => answerTo(intercepted, current, faults, waiting)),
      )
    },
    show: async (path, look) => {
      faults.length = 0
      waiting.length = 0
      current = look
      await page.setViewportSize({ width: look.width, height: look.width === 1440 ? 900 : 844 })
      await page.emulateMedia({ colorScheme: look.scheme })
      await page.goto(web.url + path, { waitUntil: 'load' })
      await page.locator('h1').first().waitFor()
    },
  }
}

export const openView = async (
  browser: Browser,
  web: WebServer,
  path: string,
  look: Look,
): Promise<Opened> => {
  const window = await openWindow(browser, web, look.width)
  await window.show(path, look)
  return window
}

/** Waits until the view shows what it was given: no bones left, or the failure said. */
export const settle = async (page: Page, look: Look): Promise<void> => {
  if (look.state === 'loading') return
  if (look.state === 'failing') {
    await page.getByRole('alert').first().waitFor({ timeout: 10_000 })
    return
  }
  await page.locator('[aria-busy="true"], [data-bones]').first().waitFor({ state: 'detached' })
}
