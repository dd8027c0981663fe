/** What is written: once, under one key, on screen before the answer, and taken back on screen when the answer is no. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { openWindow, settle, type Look, type Window } from './browser.ts'
import { alertRoutes } from '../../src/contract/operations/alerts.ts'
import { openWeb, type OpenedWeb } from './open-web.ts'
import { alertReplies } from './replies/alerts.ts'
import { newId } from './replies/reply.ts'

const filled: Look = { state: 'filled', width: 1440, scheme: 'light' }
const refusal = (code: string, detail: string, errors?: unknown) => ({
  status: 409,
  contentType: 'application/problem+json',
  body: JSON.stringify({
    type: `urn:fortnight:error:${code}`,
    code,
    title: 'Somebody was faster',
    status: 409,
    detail,
    requestId: 'r-1',
    errors,
  }),
})

describe('writes', { concurrency: 1 }, () => {
  let opened: OpenedWeb
  let window: Window
  let page: Page
  before(async () => {
    opened = await openWeb()
    window = await openWindow(opened.browser, opened.web, 1440)
    page = window.page
  })
  after(() => opened?.close())
  const show = async (path: string): Promise<void> => {
    await window.show(path, filled)
    await settle(page, filled)
  }

  test('a page is shown as taken at once, and as free again with the reason when somebody was faster', async () => {
    await show('/')
    let answer: () => void = () => undefined
    const held = new Promise<void>((resolve) => {
      answer = resolve
    })
    await page.route('**/api/pages/*/acknowledge', async (route) => {
      await held
      await route.fulfill(refusal('already-acknowledged', 'Bo Fiktivsson has it since 03:14.'))
    })
    await page.getByRole('button', { name: 'Acknowledge' }).click()
    await page.getByText('Nobody has it').waitFor({ state: 'detached' })
    answer()
    await page.getByText('Bo Fiktivsson has it since 03:14.').waitFor()
    await page.getByText('Nobody has it').waitFor()
    await page.unroute('**/api/pages/*/acknowledge')
  })

  test('a heartbeat is defined by one key and a name, in whole minutes', async () => {
    await show('/environments/acme-prod?tab=heartbeats')
    const sent: unknown[] = []
    await page.route('**/heartbeats/backup*', (route) => {
      const request = route.request()
      const name = decodeURIComponent(new URL(request.url()).pathname.split('/').at(-1) ?? '')
      sent.push({ method: request.method(), name, ...(request.postDataJSON() as object) })
      return route.fulfill({
        contentType: 'application/json',
        body: JSON.stringify({ name, description: '', alertMessage: '', priority: 1 }),
      })
    })
    await page.keyboard.press('n')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('backup n1')
    await dialog.getByLabel('At least every').fill('1.5')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText('Whole minutes, from 1 on.').waitFor()
    assert.deepEqual(sent, [])
    await dialog.getByLabel('At least every').fill('10')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByText('backup n1 is saved.').waitFor()
    assert.deepEqual(sent, [
      { method: 'PUT', name: 'backup n1', intervalMs: 600_000, priority: 1, description: '', enabled: true },
    ])
    await page.unroute('**/heartbeats/backup*')
  })

  test('an alert sleeps by one key and one press, and is woken by taking it back', async () => {
    await show(`/alerts/${newId()}`)
    const sent: { method: string; until?: number }[] = []
    const answer = alertReplies
      .find(({ route }) => route === alertRoutes.getAlert)
      ?.answer('filled', {} as never)
    await page.route('**/api/alerts/*/snooze', (route) => {
      const { until } = (route.request().postDataJSON() ?? {}) as { until?: number }
      sent.push({ method: route.request().method(), ...(until === undefined ? {} : { until }) })
      return route.fulfill({ contentType: 'application/json', body: JSON.stringify(answer) })
    })
    await page.keyboard.press('s')
    await page.getByRole('dialog').getByRole('button', { name: 'Snooze' }).click()
    await page.getByText('sleeps until').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('sleeps until').waitFor({ state: 'detached' })
    await page.unroute('**/api/alerts/*/snooze')
    assert.deepEqual(
      sent.map(({ method }) => method),
      ['POST', 'DELETE'],
    )
    const length = (sent[0]?.until ?? 0) - Date.now()
    assert.ok(length > 50 * 60_000 && length <= 60 * 60_000, `${length} ms`)
  })

  test('a question is completed as it is typed, and one that is not understood says where', async () => {
    await show('/alerts')
    await page.keyboard.press('/')
    await page.keyboard.type('prio')
    await page.getByRole('option', { name: 'priority:' }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.keyboard.type('P1 AND (tag:x')
    await page.getByText('The bracket that opens here is not closed. (at character 17)').waitFor()
    assert.ok(!page.url().includes('query='), 'what is not understood is not asked')
    await page.keyboard.type(')')
    await page.waitForURL(/query=priority/)
  })

  test('a request that got no answer is repeated under the same key, so that it is done once', async () => {
    await show('/on-call')
    const keys: (string | undefined)[] = []
    await page.route('**/api/schedules/*/overrides', async (route) => {
      keys.push(route.request().headers()['idempotency-key'])
      if (keys.length === 1) return route.abort('connectionreset')
      return route.fulfill(
        refusal('override-empty', 'An override must end after it begins.', [
          { path: 'body.to', detail: 'lies before the beginning' },
        ]),
      )
    })
    await page.keyboard.press('o')
    await page.getByRole('button', { name: 'Add override' }).click()
    await page.getByRole('dialog').getByText('lies before the beginning').waitFor()
    assert.equal(keys.length, 2)
    assert.match(keys[0] ?? '', /^[0-9a-f]{32}$/)
    assert.equal(keys[0], keys[1])
    await page.keyboard.press('Escape')
    await page.unroute('**/api/schedules/*/overrides')
  })

  test('a way to be reached is added, its secret shown once, and proven by the code that arrives', async () => {
    await show('/settings/notifications')
    await page.getByRole('button', { name: 'Add a way' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('How').selectOption('ntfy')
    await dialog.getByText('No ntfy server is set here').waitFor()
    assert.ok(await dialog.getByRole('button', { name: 'Send the code' }).isDisabled())
    await dialog.getByLabel('How').selectOption('webhook')
    await dialog.getByLabel('Address').fill('https://hooks.fortnight.example/1')
    await dialog.getByRole('button', { name: 'Send the code' }).click()
    await dialog.getByText('whsec_shown-this-once').waitFor()
    await page.route('**/api/me/contact-methods/*/verify', (route) =>
      route.fulfill(
        refusal('code-wrong', 'This is not the code that was sent. Look again.', [
          { path: 'body.code', detail: 'This is not the code that was sent. Look again.' },
        ]),
      ),
    )
    await dialog.getByLabel('Code').fill('123456')
    await page.keyboard.press('Enter')
    await dialog.getByText('This is not the code that was sent').waitFor()
    await page.unroute('**/api/me/contact-methods/*/verify')
    await page.keyboard.press('Enter')
    await dialog.waitFor({ state: 'detached' })
  })

  test('a rule with steps is kept together with the others, naming the version it was written for', async () => {
    await show('/settings/notifications')
    let sent: Record<string, unknown> = {}
    await page.route('**/api/me/notification-rules', (route) => {
      if (route.request().method() !== 'PUT') return route.fallback()
      sent = route.request().postDataJSON() as Record<string, unknown>
      return route.fulfill(refusal('rules-changed', 'Your rules were changed in the meantime.'))
    })
    await page.getByRole('button', { name: 'Add a rule' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('P2').check()
    await dialog.getByRole('button', { name: 'Add a step' }).click()
    await dialog.getByLabel('After minutes').nth(1).fill('7')
    await dialog.getByRole('button', { name: 'Keep' }).click()
    await dialog.getByText('Your rules were changed in the meantime.').waitFor()
    assert.equal(sent['expects'], 3)
    const rules = sent['rules'] as { priorities: string[]; steps: unknown }[]
    assert.deepEqual(rules[2]?.priorities, ['P1', 'P2'])
    assert.deepEqual(rules[2]?.steps, [
      { method: 'web-push', afterMinutes: 0 },
      { method: 'web-push', afterMinutes: 7 },
    ])
    await page.keyboard.press('Escape')
    await page.unroute('**/api/me/notification-rules')
  })

  test('an override that was removed comes back by one press', async () => {
    await show('/on-call')
    const written: string[] = []
    await page.route(/\/api\/schedules\/[^/]+\/overrides/, (route) => {
      written.push(route.request().method())
      return route.fulfill({ json: { done: true } })
    })
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('button', { name: 'Undo' }).waitFor({ state: 'detached' })
    assert.deepEqual(written, ['DELETE', 'POST'])
  })

  test('o, r and d of the cockpit pin, suppose and decide without a mouse', async () => {
    await show('/incidents/01934f5e-7a00-7000-8000-000000000001')
    const sent: unknown[] = []
    await page.route('**/api/incidents/*/commands', (route) => {
      sent.push(route.request().postDataJSON())
      return route.fulfill(refusal('resolved', 'It is over.'))
    })
    const step = async (key: string, text: string): Promise<void> => {
      const answered = page.waitForResponse(/commands$/)
      await page.keyboard.press(key)
      await page.keyboard.type(text)
      await page.keyboard.press('Enter')
      await answered
      await page.keyboard.press('Escape')
    }
    await step('o', 'disk is full')
    await step('r', 'retention stopped')
    assert.deepEqual(sent, [
      { kind: 'pin', about: 'note', text: 'disk is full' },
      { kind: 'propose-hypothesis', statement: 'retention stopped' },
    ])
    await page.keyboard.press('d')
    const dialog = page.getByRole('dialog', { name: 'New decision' })
    await dialog.waitFor()
    assert.equal(await page.evaluate('document.activeElement.tagName'), 'TEXTAREA')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  test('hours are dragged across on the rota, or chosen with the keys, and filled into the form', async () => {
    await show('/on-call')
    const dialog = page.getByRole('dialog')
    const hours = async () => [
      await dialog.getByLabel('From').inputValue(),
      await dialog.getByLabel('At').first().inputValue(),
      await dialog.getByLabel('Until').inputValue(),
      await dialog.getByLabel('At').last().inputValue(),
    ]
    const row = await page.locator('svg[data-week]').last().boundingBox()
    assert.ok(row)
    const at = (days: number) => [row.x + (row.width * days) / 7, row.y + 30] as const
    await page.mouse.move(...at(3.5))
    await page.mouse.down()
    await page.mouse.move(...at(2))
    await page.mouse.move(...at(1))
    await page.mouse.up()
    await dialog.waitFor()
    const [from = '', fromTime, to = '', toTime] = await hours()
    assert.equal(Date.parse(to) - Date.parse(from), 2 * 86_400_000, 'from right to left, too')
    assert.deepEqual([fromTime, toTime], ['00:00', '12:00'])
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })

    const slider = page.getByRole('slider', { name: 'Hours to take over' })
    await slider.focus()
    for (const key of ['ArrowDown', 'ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowRight'])
      await page.keyboard.press(key)
    const chosen = await slider.getAttribute('aria-valuetext')
    await page.keyboard.press('Enter')
    await dialog.waitFor()
    const [begins = '', beginsAt = '', ends = '', endsAt = ''] = await hours()
    const length = Date.parse(`${ends}T${endsAt}Z`) - Date.parse(`${begins}T${beginsAt}Z`)
    assert.equal(length, 26 * 3_600_000)
    assert.ok(chosen?.includes(beginsAt) && chosen.includes(endsAt), chosen ?? '')
    await page.keyboard.press('Escape')
    assert.deepEqual(window.faults, [])
  })

  test('a recording plays from the second that a link names', async () => {
    await show('/operator-log/01934f5e-7a00-7000-8000-000000000001?at=5')
    await page.locator('.ap-terminal, .ap-term').first().waitFor()
    await page.locator('[data-current] code', { hasText: 'get pods' }).waitFor()
    await page.getByRole('button', { name: /df -h/ }).click()
    await page.waitForURL(/at=20$/)
    assert.deepEqual(window.faults, [])
  })

  test('a link lands on its command with idle time skipped or not, the choice is remembered, and a pause is told', async () => {
    const at = async (): Promise<number> =>
      Number(await page.getByLabel('Place in the recording').inputValue())
    // Each wait before it is shown shorter than it was, and the recorded clock still says 16.
    await show('/operator-log/01934f5e-7a00-7000-8000-000000000001?at=16')
    const skip = page.getByLabel(/Skip idle time/)
    assert.equal(await skip.isChecked(), true)
    await page.locator('[data-current] code', { hasText: '-w' }).waitFor()
    assert.ok(Math.abs((await at()) - 16) < 3, `at ${await at()}`)
    await page.getByText('Paused for 30 s: looked up a password').first().waitFor()
    await page.getByRole('status').getByText('Paused for 30 s').waitFor()
    await skip.uncheck()
    await page.locator('[data-current] code', { hasText: '-w' }).waitFor()
    await show('/operator-log/01934f5e-7a00-7000-8000-000000000001?at=16')
    assert.equal(await skip.isChecked(), false)
    await page.keyboard.press('i')
    assert.equal(await skip.isChecked(), true)
    assert.deepEqual(window.faults, [])
  })
})
