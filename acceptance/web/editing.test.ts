/** Rotas, policies, environments and clusters are changed in a form: seen before it is kept, kept only over what was looked at, taken back by one press. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page, Route } from 'playwright-core'
import { openWindow, settle, type Look, type Window } from './browser.ts'
import { environments, team } from './replies/people.ts'
import { openWeb, type OpenedWeb } from './open-web.ts'

const filled: Look = { state: 'filled', width: 1440, scheme: 'light' }
const problem = (status: number, code: string, detail: string, errors?: unknown) => ({
  status,
  contentType: 'application/problem+json',
  body: JSON.stringify({ type: '', code, title: 'No', status, detail, requestId: 'r-1', errors }),
})
type Body = Readonly<Record<string, unknown>> & { layers: { participants: string[]; zone: string }[] }
type Sent = { readonly body: Body; readonly key: string | undefined }
const sentBy = (route: Route): Sent => ({
  body: route.request().postDataJSON() as Body,
  key: route.request().headers()['idempotency-key'],
})
const inTurn = team.slice(0, 3).map(({ id }) => id)

describe('editing', { concurrency: 1 }, () => {
  let opened: OpenedWeb
  let window: Window
  let page: Page
  before(async () => {
    opened = await openWeb()
    window = await openWindow(opened.browser, opened.web, 1440)
    page = window.page
    // The browser's own question when a form with unsaved words is closed.
    page.on('dialog', (dialog) => void dialog.accept())
  })
  after(() => opened?.close())
  const show = async (path: string): Promise<void> => {
    await window.show(path, filled)
    await settle(page, filled)
  }
  /** Answers questions as ever and keeps what is written. */
  const catchWrites = async (answer: (route: Route, sent: Sent) => Promise<unknown>) => {
    const asked: Sent[] = []
    await page.route(/\/api\/schedules\/[0-9a-f-]{36}$/, (route) => {
      const sent = sentBy(route)
      if (!sent.body['dryRun']) return answer(route, sent)
      asked.push(sent)
      return route.fallback()
    })
    return asked
  }
  const release = () => page.unroute(/\/api\/schedules\/[0-9a-f-]{36}$/)
  const moveFirstDown = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Move Astrid Nordkvist down' }).focus()
    await page.keyboard.press('Alt+ArrowDown')
  }

  test('who takes turns is reordered by keys, drawn before it is kept, kept over the version looked at, and taken back', async () => {
    const written: Body[] = []
    const asked = await catchWrites((route, { body }) => {
      written.push(body)
      const schedule = { id: team[0]!.id, slug: 'primary', name: 'Primary', version: 3 + written.length }
      return route.fulfill({ json: { stored: true, schedule, findings: [], shifts: [] } })
    })
    await show('/on-call/rotas/primary')
    await page.getByText('Duty stays as it is.').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Save rota' }).isDisabled(), true)
    await moveFirstDown()
    const focused = await page.evaluate('document.activeElement.getAttribute("aria-label")')
    assert.equal(focused, 'Move Astrid Nordkvist down', 'the focus goes with the row')
    await page.getByText('instead of').first().waitFor()
    assert.equal(written.length, 0, 'nothing is written by looking')
    const question = asked.at(-1)!
    assert.equal(question.key, undefined, 'and no reply is kept for a question')
    const order = [inTurn[1]!, inTurn[0]!, inTurn[2]!]
    assert.deepEqual(question.body.layers[0]!.participants, order)
    await page.keyboard.press('Control+Enter')
    await page.getByText('Primary is saved.').waitFor()
    await page.waitForURL(/\/on-call\?schedule=primary$/)
    assert.deepEqual(written[0]!.layers[0]!.participants, order)
    assert.equal(written[0]!['ifVersion'], 3)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Primary is as it was before.').waitFor()
    assert.deepEqual(written[1]!.layers[0]!.participants, inTurn)
    assert.equal(written[1]!['ifVersion'], 4, 'an undo does not overwrite whoever came after')
    await release()
  })

  test('whoever was faster is named openly: nothing is overwritten until one has compared', async () => {
    const versions: unknown[] = []
    await catchWrites((route, { body }) => {
      versions.push(body['ifVersion'])
      return versions.length === 1
        ? route.fulfill(problem(409, 'conflict', 'Primary was changed by somebody else.'))
        : route.fulfill({
            json: {
              stored: true,
              schedule: { id: team[0]!.id, slug: 'primary', name: 'Primary', version: 5 },
              findings: [],
              shifts: [],
            },
          })
    })
    await show('/on-call/rotas/primary')
    await page.getByText('Duty stays as it is.').waitFor()
    await moveFirstDown()
    // What the other one stored is there from now on.
    await page.route('**/api/schedules/primary', async (route) => {
      const response = await page.evaluate('fetch("/api/schedules/primary-before").then((r) => r.json())')
      await route.fulfill({ json: { ...(response as object), version: 4 } })
    })
    const save = page.getByRole('button', { name: 'Save rota' })
    await save.click()
    const note = page.getByRole('alert').filter({ hasText: 'was changed while you were editing' })
    await note.waitFor()
    assert.equal(await save.isDisabled(), true)
    await note.getByRole('button', { name: 'Compare mine with theirs' }).click()
    await note.waitFor({ state: 'detached' })
    const first = page.getByRole('list', { name: 'Who takes turns' }).getByRole('listitem').first()
    assert.match((await first.textContent()) ?? '', /Bo Fiktivsson/, 'what was written is still there')
    await save.click()
    await page.getByText('Primary is saved.').first().waitFor()
    assert.deepEqual(versions, [3, 4])
    await page.unroute('**/api/schedules/primary')
    await release()
  })

  test('what the rules refuse stands at its field, before anything is sent to be kept', async () => {
    await show('/on-call/rotas/primary')
    await page.getByText('Duty stays as it is.').waitFor()
    const detail = '"Europe/Stokholm" is not a time zone name such as Europe/Stockholm.'
    await page.route(/\/api\/schedules\/[0-9a-f-]{36}$/, (route) =>
      route.fulfill(problem(409, 'unknown-zone', detail, [{ path: 'body.layers.0.zone', detail }])),
    )
    const zone = page.getByLabel('In the time zone')
    await zone.fill('Europe/Stokholm')
    await page.getByText(detail).waitFor()
    assert.equal(await zone.getAttribute('aria-invalid'), 'true')
    assert.equal(await page.getByRole('button', { name: 'Save rota' }).isDisabled(), true)
    await page.getByRole('link', { name: 'Alerts' }).first().click()
    await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor()
    await page.keyboard.press('Escape')
    assert.equal(await zone.inputValue(), 'Europe/Stokholm', 'what was written stays until one says so')
    await release()
  })

  test('a policy is written step by step, and its minutes add up before it is kept', async () => {
    const written: unknown[] = []
    await page.route('**/api/escalation-policies', (route) => {
      if (route.request().method() === 'GET') return route.fallback()
      written.push(route.request().postDataJSON())
      return route.fulfill(
        problem(409, 'already-exists', 'The slug belongs to another escalation policy.', [
          { path: 'body.slug', detail: 'belongs to another policy' },
        ]),
      )
    })
    await show('/on-call/new-policy')
    await page.getByLabel('Name', { exact: true }).fill('Nätter & helger')
    const save = page.getByRole('button', { name: 'Create policy' })
    assert.equal(await save.isDisabled(), true, 'a step that tells nobody is no step')
    const add = async (step: number, whom: string): Promise<void> => {
      await page.getByLabel('Add whom to tell').nth(step).selectOption({ label: whom })
      await page.getByRole('button', { name: 'Add', exact: true }).nth(step).click()
    }
    await add(0, 'Primary')
    await page.getByRole('button', { name: 'Add a step' }).click()
    await page.getByLabel(/Minutes after the step before/).fill('15')
    await add(1, 'Delivery Manager')
    await page.getByText('after 15 min').waitFor()
    await page.getByText('after 30 min').waitFor()
    await save.click()
    await page.getByText('belongs to another policy').waitFor()
    const [body] = written as { slug: string; steps: { afterMinutes: number; targets: unknown[] }[] }[]
    assert.equal(body!.slug, 'natter-helger')
    assert.deepEqual(
      body!.steps.map(({ afterMinutes }) => afterMinutes),
      [0, 15],
    )
    assert.deepEqual(body!.steps[1]!.targets, [{ kind: 'role', role: 'delivery-manager' }])
    await page.unroute('**/api/escalation-policies')
  })

  test('of an environment only what was touched is sent, over what was looked at, and undone the same way', async () => {
    const sent: unknown[] = []
    await page.route('**/api/environments/acme-prod', (route) => {
      if (route.request().method() !== 'PATCH') return route.fallback()
      sent.push(route.request().postDataJSON())
      return route.fulfill({ json: environments[0] })
    })
    await show('/environments/acme-prod')
    await page.keyboard.press('e')
    const dialog = page.getByRole('dialog', { name: 'Edit acme-prod' })
    const save = dialog.getByRole('button', { name: 'Save' })
    assert.equal(await save.isDisabled(), true)
    await dialog.getByLabel(/^Plan/).fill('Managed, office hours')
    await dialog.getByLabel('Delivery Manager').selectOption({ label: 'Bo Fiktivsson' })
    await dialog.getByText('Plan: Managed, 24×7 → Managed, office hours').waitFor()
    await dialog.getByText(/Delivery Manager: .* → Bo Fiktivsson/).waitFor()
    await save.click()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('button', { name: 'Undo' }).waitFor({ state: 'detached' })
    const after = { plan: 'Managed, office hours', deliveryManager: team[1]!.id }
    const before = { plan: 'Managed, 24×7', deliveryManager: team[3]!.id }
    assert.deepEqual(sent, [
      { ...after, expects: before },
      { ...before, expects: after },
    ])
    await page.unroute('**/api/environments/acme-prod')
  })

  test('a cluster that somebody else changed shows what it is now, and is saved after one has compared', async () => {
    const sent: unknown[] = []
    const first = environments[0]!.clusters[0]!
    await page.route('**/api/clusters/*', (route) => {
      sent.push(route.request().postDataJSON())
      return sent.length === 1
        ? route.fulfill(problem(409, 'conflict', 'management was changed by somebody else.'))
        : route.fulfill({ json: first })
    })
    await show('/environments/acme-prod')
    await page.getByRole('button', { name: 'Edit management' }).click()
    const dialog = page.getByRole('dialog', { name: 'Edit management' })
    await dialog.getByLabel(/^Version/).fill('1.34.0')
    await page.route('**/api/environments/acme-prod', (route) =>
      route.fulfill({
        json: { ...environments[0]!, clusters: [{ ...first, version: '1.33.9' }] },
      }),
    )
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText('Version: 1.33.9').waitFor()
    await dialog.getByRole('button', { name: 'Compare mine with theirs' }).click()
    await dialog.getByText('Version: 1.33.9 → 1.34.0').waitFor()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    assert.deepEqual(sent, [
      { version: '1.34.0', expects: { version: '1.33.4' } },
      { version: '1.34.0', expects: { version: '1.33.9' } },
    ])
    await page.unroute('**/api/environments/acme-prod')
    await page.unroute('**/api/clusters/*')
  })
})
