/** Routing rules and service hours are changed in the web: tried before they are kept, kept over what was looked at, taken back by one press. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { openWindow, settle, type Look, type Window } from './browser.ts'
import { openWeb, type OpenedWeb } from './open-web.ts'
import { customers, environments } from './replies/people.ts'
import { office, rules } from './replies/routing.ts'

const filled: Look = { state: 'filled', width: 1440, scheme: 'light' }
const RULES = '**/api/routing-rules'
type Body = {
  readonly rules: readonly (typeof rules)[number][]
  readonly ifVersion?: number
  readonly labels?: unknown
  readonly priority?: string
}
const conflict = {
  status: 409,
  contentType: 'application/problem+json',
  body: JSON.stringify({
    type: '',
    code: 'conflict',
    title: 'No',
    status: 409,
    detail: 'The rules were changed by somebody else.',
    requestId: 'r-1',
  }),
}
const standing = (version: number, kept: Body['rules']) => ({
  version,
  rules: kept,
  names: {},
  can: { change: true },
})

describe('routing', { concurrency: 1 }, () => {
  let opened: OpenedWeb
  let window: Window
  let page: Page
  before(async () => {
    opened = await openWeb()
    window = await openWindow(opened.browser, opened.web, 1440)
    page = window.page
    page.on('dialog', (dialog) => void dialog.accept())
  })
  after(() => opened?.close())
  const show = async (): Promise<void> => {
    await window.show('/on-call?view=routing', filled)
    await settle(page, filled)
    await page.getByText('Calm nights', { exact: true }).waitFor()
  }
  /** The rules as they are stored from now on; what is put is remembered and stored. */
  const store = async (refuseFirst = false): Promise<Body[]> => {
    const put: Body[] = []
    let current = standing(4, rules)
    await page.route(RULES, (route) => {
      if (route.request().method() === 'GET') return route.fulfill({ json: current })
      const body = route.request().postDataJSON() as Body
      put.push(body)
      if (refuseFirst && put.length === 1) {
        current = standing(5, rules.slice(0, 2))
        return route.fulfill(conflict)
      }
      current = standing(current.version + 1, body.rules)
      return route.fulfill({ json: current })
    })
    return put
  }
  const names = (body: Body | undefined) => body?.rules.map(({ id }) => id)

  test('a rule is a sentence, moved by keys, tried as drafted, kept over the version looked at, and taken back', async () => {
    const put = await store()
    const tried: Body[] = []
    page.on('request', (request) => {
      if (request.url().endsWith('/routing-rules/try')) tried.push(request.postDataJSON() as Body)
    })
    await show()
    await page.getByText('P2 outside service hours in Acme staging: waits until served').waitFor()
    await page.getByText('The rule “Backups wake whoever knows them” decides.').waitFor()
    await page.getByRole('button', { name: 'Move Calm nights up' }).focus()
    await page.keyboard.press('Alt+ArrowUp')
    await page.getByText('The rule “Calm nights” decides.').waitFor()
    await page.getByText(/^Waits until .*, then pages by Default\.$/).waitFor()
    assert.equal(put.length, 0, 'nothing is written by trying')
    assert.deepEqual(names(tried.at(-1)), ['calm-nights', 'backups', 'learning'])
    await page.keyboard.press('Control+Enter')
    await page.getByText('The rules are saved.').waitFor()
    assert.deepEqual(names(put[0]), ['calm-nights', 'backups', 'learning'])
    assert.equal(put[0]?.ifVersion, 4)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('The rules are as they were before.').waitFor()
    assert.deepEqual(put[1]?.rules, rules)
    assert.equal(put[1]?.ifVersion, 5, 'an undo does not overwrite whoever came after')
    await page.unroute(RULES)
  })

  test('a rule is filled in, and what is left open fits everything', async () => {
    const put = await store()
    await show()
    await page.keyboard.press('n')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Calm nights')
    await dialog.getByLabel('What becomes of them').selectOption('wait')
    await dialog.getByLabel('P3').check()
    await dialog.getByLabel('When', { exact: true }).selectOption('outside')
    await dialog.getByLabel('Add a customer').selectOption(customers[0]!.id)
    await dialog.getByRole('button', { name: 'Add', exact: true }).nth(1).click()
    await dialog.getByLabel('Clusters').fill('one, two,, one')
    await dialog.getByRole('button', { name: 'Add a label' }).click()
    await dialog.getByLabel('Label', { exact: true }).fill('job')
    assert.equal(await dialog.getByRole('button', { name: 'Take over' }).isDisabled(), true)
    await dialog.getByLabel('Values').fill('velero')
    await dialog.getByRole('button', { name: 'Take over' }).click()
    await page
      .getByText(
        'P3 outside service hours of Acme Health on cluster one or two with job = velero: waits until served',
      )
      .waitFor()
    await page.getByRole('button', { name: 'Save rules' }).click()
    await page.getByText('The rules are saved.').waitFor()
    assert.deepEqual(put[0]?.rules.at(-1), {
      id: 'calm-nights-2',
      name: 'Calm nights',
      when: {
        customers: [customers[0]!.id],
        clusters: ['one', 'two'],
        priorities: ['P3'],
        labels: [{ label: 'job', oneOf: ['velero'] }],
        hours: 'outside',
      },
      does: { kind: 'wait', policyId: null },
    })
    await page.unroute(RULES)
  })

  test('whoever was faster is told openly, and nothing is overwritten before one has chosen', async () => {
    const put = await store(true)
    await show()
    await page.getByRole('button', { name: 'Take Calm nights out' }).click()
    await page.getByRole('button', { name: 'Save rules' }).click()
    await page.getByText('The list of rules was changed while you were editing').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Save rules' }).isDisabled(), true)
    await page.getByRole('button', { name: 'Compare mine with theirs' }).click()
    await page.getByRole('button', { name: 'Save rules' }).click()
    await page.getByText('The rules are saved.').waitFor()
    assert.equal(put[1]?.ifVersion, 5)
    assert.deepEqual(names(put[1]), ['backups', 'learning'])
    await page.unroute(RULES)
  })

  test('service hours keep the end of a day, refuse what is no date, and are chosen for an environment', async () => {
    await show()
    const sent: unknown[] = []
    await page.route('**/service-hours/**', (route) => {
      sent.push(route.request().postDataJSON())
      return route.fulfill({ json: { ...office, version: 3 } })
    })
    await page.getByRole('button', { name: 'Edit Office hours' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Holidays').fill('2026-12-24\n2026-13-01')
    await dialog.getByText('“2026-13-01” is not a date').waitFor()
    assert.equal(await dialog.getByRole('button', { name: 'Save service hours' }).isDisabled(), true)
    await dialog.getByLabel('Holidays').fill('2026-12-24')
    await dialog.getByRole('button', { name: 'Save service hours' }).click()
    await page.getByText('Office hours is saved.').waitFor()
    const { name, zone, windows } = office
    assert.deepEqual(sent, [{ name, zone, windows, holidays: ['2026-12-24'], ifVersion: 2 }])
    await page.unroute('**/service-hours/**')

    const assigned: unknown[] = []
    await page.route('**/environments/*/service-hours', (route) => {
      assigned.push([new URL(route.request().url()).pathname, route.request().postDataJSON()])
      return route.fulfill({ json: { done: true } })
    })
    await page.getByRole('button', { name: 'Assign to an environment' }).click()
    await page.getByRole('dialog').getByLabel('Service hours').selectOption({ label: 'Office hours' })
    await page.getByRole('dialog').getByRole('button', { name: 'Assign' }).click()
    await page.getByText('Acme production is served as Office hours says.').waitFor()
    const path = `/api/environments/${environments[0]!.slug}/service-hours`
    assert.deepEqual(assigned, [[path, { hours: 'office' }]])
    await page.unroute('**/environments/*/service-hours')
  })
})
