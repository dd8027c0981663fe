/** What somebody may not do is not offered to them: for each role, the verbs on screen, written by hand and apart from the permissions. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { ROLES, type Role } from '../../src/domain/people/permissions.ts'
import { openWindow, settle, type Look, type Window } from './browser.ts'
import { openWeb, type OpenedWeb } from './open-web.ts'

type Offer = {
  readonly path: string
  readonly verb: string | RegExp
  readonly to: readonly Role[]
}
const stewards: readonly Role[] = ['administrator', 'delivery-manager']
const operators: readonly Role[] = ['administrator', 'engineer', 'delivery-manager', 'architect']

const offers: readonly Offer[] = [
  { path: '/settings/people', verb: /^Add a person/, to: ['administrator'] },
  { path: '/settings/people', verb: 'Invitation link', to: ['administrator'] },
  { path: '/settings/people', verb: 'Archive', to: ['administrator'] },
  { path: '/customers', verb: 'Add a customer', to: stewards },
  { path: '/customers', verb: /^Add an environment/, to: stewards },
  { path: '/environments/acme-prod', verb: /^Edit(?! )/, to: stewards },
  { path: '/environments/acme-prod', verb: 'Add a cluster', to: stewards },
  { path: '/environments/acme-prod', verb: 'Edit management', to: stewards },
  { path: '/environments/acme-prod?tab=keys', verb: 'Integration keys', to: stewards },
  { path: '/environments/acme-prod?tab=keys', verb: /^Make a key/, to: stewards },
  { path: '/environments/acme-prod?tab=keys', verb: 'Revoke', to: stewards },
  { path: '/on-call', verb: /^New rota/, to: stewards },
  { path: '/on-call', verb: /^Edit rota/, to: stewards },
  { path: '/on-call', verb: /^Override/, to: operators },
  { path: '/on-call', verb: 'Remove', to: operators },
  { path: '/on-call', verb: 'Take back', to: operators },
  { path: '/on-call?view=escalation', verb: /^New policy/, to: stewards },
  { path: '/on-call?view=escalation', verb: 'Edit Default', to: stewards },
  { path: '/on-call?view=routing', verb: /^Add a rule/, to: stewards },
  { path: '/on-call?view=routing', verb: 'Edit Calm nights', to: stewards },
  { path: '/on-call?view=routing', verb: 'Move Calm nights up', to: stewards },
  { path: '/on-call?view=routing', verb: 'Edit Office hours', to: stewards },
  { path: '/on-call?view=routing', verb: 'Assign to an environment', to: stewards },
  { path: '/on-call/rotas/primary', verb: /^Save rota/, to: stewards },
  { path: '/on-call/new-rota', verb: /^Create rota/, to: stewards },
  { path: '/on-call/policies/default', verb: /^Save policy/, to: stewards },
  { path: '/on-call/new-policy', verb: /^Create policy/, to: stewards },
]
const paths = [...new Set(offers.map(({ path }) => path))]

describe('roles', { concurrency: 1 }, () => {
  let opened: OpenedWeb
  let window: Window
  let page: Page
  before(async () => {
    opened = await openWeb()
    window = await openWindow(opened.browser, opened.web, 1440)
    page = window.page
  })
  after(() => opened?.close())

  const isOffered = async (verb: Offer['verb']): Promise<boolean> => {
    const named = { name: verb, exact: true }
    return (
      (await page.getByRole('button', named).count()) +
        (await page.locator('main').getByRole('link', named).count()) >
      0
    )
  }

  for (const role of ROLES)
    test(`${role}: what is offered is what this role may do`, async () => {
      const look: Look = { state: 'filled', width: 1440, scheme: 'light', role }
      const wrong: string[] = []
      for (const path of paths) {
        await window.show(path, look)
        await settle(page, look)
        for (const offer of offers.filter((one) => one.path === path)) {
          const offered = await isOffered(offer.verb)
          if (offered !== offer.to.includes(role))
            wrong.push(`${path}: ${String(offer.verb)} is ${offered ? '' : 'not '}offered`)
        }
        assert.deepEqual(window.faults, [], path)
      }
      assert.deepEqual(wrong, [])
    })

  test('keys that would do what somebody may not do are not bound', async () => {
    const look: Look = { state: 'filled', width: 1440, scheme: 'light', role: 'engineer' }
    for (const path of [
      '/on-call',
      '/on-call?view=routing',
      '/environments/acme-prod',
      '/customers',
      '/settings/people',
    ]) {
      await window.show(path, look)
      await settle(page, look)
      for (const key of ['n', 'e']) await page.keyboard.press(key)
      assert.equal(await page.getByRole('dialog').count(), 0, path)
      const { pathname, search } = new URL(page.url())
      assert.equal(pathname + search, path)
    }
  })
})
