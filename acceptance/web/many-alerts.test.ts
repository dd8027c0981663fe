/** Several alerts are chosen by key or press and worked by one act, with its progress, its reason and its way back. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { openWindow, settle, type Look, type Window } from './browser.ts'
import { openWeb, type OpenedWeb } from './open-web.ts'
import { alerts } from './replies/alerts.ts'
import { team } from './replies/people.ts'
import { newId } from './replies/reply.ts'

const filled: Look = { state: 'filled', width: 1440, scheme: 'light' }
const BULK = '**/api/alerts/bulk'
type Sent = { readonly which: { ids?: string[]; query?: string; status?: string }; readonly act: object }
const ids = (from: number, to: number) => alerts.slice(from, to).map(({ id }) => id)

describe('many alerts', { concurrency: 1 }, () => {
  let opened: OpenedWeb
  let window: Window
  let page: Page
  before(async () => {
    opened = await openWeb()
    window = await openWindow(opened.browser, opened.web, 1440)
    page = window.page
  })
  after(() => opened?.close())
  const show = async (look = filled, path = '/alerts'): Promise<void> => {
    await window.show(path, look)
    await settle(page, look)
  }
  const catchBulk = async (unfinished = false): Promise<Sent[]> => {
    const sent: Sent[] = []
    await page.route(BULK, (route) => {
      const body = route.request().postDataJSON() as Sent
      sent.push(body)
      const matched = body.which.ids?.length ?? 900
      const changed = unfinished ? 200 : matched
      const reply = { id: newId(), matched, changed, passedOver: 0, finished: !unfinished }
      return route.fulfill({ json: reply })
    })
    return sent
  }

  test('x chooses, with Shift a stretch, and what is assigned goes back to whose it was', async () => {
    const sent = await catchBulk()
    await show()
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('Shift+X')
    await page.getByText('3 alerts', { exact: true }).waitFor()
    await page.keyboard.press('o')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Owner').selectOption(team[2]!.id)
    await dialog.getByRole('button', { name: 'Assign' }).click()
    await page.getByText('3 alerts are done.').waitFor()
    assert.deepEqual(sent[0], {
      which: { ids: ids(0, 3) },
      act: { kind: 'assign', owner: team[2]!.id },
    })
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('3 alerts are done.').waitFor({ state: 'detached' })
    await assertEventually(() => sent.length === 3)
    assert.deepEqual(sent.slice(1), [
      { which: { ids: [alerts[0]!.id, alerts[2]!.id] }, act: { kind: 'assign', owner: null } },
      { which: { ids: [alerts[1]!.id] }, act: { kind: 'assign', owner: team[1]!.id } },
    ])
    await page.unroute(BULK)
  })

  const assertEventually = async (isSo: () => boolean): Promise<void> => {
    for (let tries = 0; tries < 50 && !isSo(); tries += 1) await page.waitForTimeout(50)
    assert.ok(isSo())
  }

  test('a box is ticked by a press, keys go on working, and closing asks why', async () => {
    const sent = await catchBulk()
    await show()
    await page.getByLabel(`Choose ${alerts[1]!.name}`).check()
    await page.getByLabel(`Choose ${alerts[3]!.name}`).click({ modifiers: ['Shift'] })
    await page.getByText('3 alerts', { exact: true }).waitFor()
    await page.keyboard.press('c')
    const dialog = page.getByRole('dialog')
    const close = dialog.getByRole('button', { name: 'Close', exact: true }).last()
    assert.equal(await close.isDisabled(), true)
    await dialog.getByLabel('Why').fill('The rack was moved.')
    await close.click()
    await page.getByText('3 alerts are done.').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Undo' }).count(), 0, 'closing has no way back')
    assert.deepEqual(sent, [
      { which: { ids: ids(1, 4) }, act: { kind: 'close', reason: 'The rack was moved.' } },
    ])
    await page.keyboard.press('x')
    await page.getByText('1 alert', { exact: true }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('1 alert', { exact: true }).waitFor({ state: 'detached' })
    await page.unroute(BULK)
  })

  test('all that match are asked for by the question, and the bar says how far it is', async () => {
    const sent = await catchBulk(true)
    let asked = 0
    await page.route(`${BULK}/*`, (route) => {
      asked += 1
      const changed = asked === 1 ? 500 : 896
      const finished = asked > 1
      const reply = { id: newId(), matched: 900, changed, passedOver: finished ? 4 : 0, finished }
      reply.id = new URL(route.request().url()).pathname.split('/').at(-1) ?? ''
      return route.fulfill({ json: reply })
    })
    await show({ ...filled, state: 'thousand' }, '/alerts?priority=P1&query=tag:storage')
    await page.keyboard.press('x')
    await page.getByRole('button', { name: 'All that match (1,000)' }).click()
    await page.getByText('All 1,000 that match').waitFor()
    await page.getByRole('button', { name: 'Acknowledge' }).click()
    await page.getByText('500 of 900').waitFor()
    await page.getByText('896 done; 4 passed over').waitFor()
    assert.deepEqual(sent, [
      {
        which: { priority: 'P1', query: 'tag:storage', status: 'not-closed' },
        act: { kind: 'acknowledge' },
      },
    ])
    await page.unroute(BULK)
    await page.unroute(`${BULK}/*`)
  })

  test('who may not change alerts chooses none', async () => {
    await show({ ...filled, role: 'auditor' })
    assert.equal(await page.getByLabel(/^Choose /).count(), 0)
    await page.keyboard.press('x')
    assert.equal(await page.getByRole('region', { name: 'Chosen alerts' }).count(), 0)
  })
})
