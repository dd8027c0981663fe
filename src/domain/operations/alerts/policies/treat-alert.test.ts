/** Policies take part in their order, each sees what those before it made, and one that fails is as if it were not there. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isRefusal } from '../../../refusal.ts'
import { alertFromAlertmanager, type AlertFromSource } from '../alert-from-alertmanager.ts'
import { checkAlertPolicies, type AlertPolicy, type PolicyAction } from './alert-policy.ts'
import { heldBackBy } from './hold-back.ts'
import { parseTemplate, renderTemplate } from './template.ts'
import { compilePolicies, treatAlert } from './treat-alert.ts'

const where = { customerId: 'c', environmentId: 'e' }
const alert = alertFromAlertmanager(
  {
    labels: { alertname: 'DiskFull', severity: 'warning', instance: 'node-1', cluster: 'one' },
    annotations: { summary: 'Disk is 97 % full', tags: 'storage, noisy' },
    startsAt: '2026-11-10T08:00:00Z',
  },
  1_700_000_000_000,
) as AlertFromSource

const policy = (id: string, does: PolicyAction, more: Partial<AlertPolicy> = {}): AlertPolicy => ({
  id,
  name: id,
  when: {},
  does,
  ...more,
})
const treat = (...policies: AlertPolicy[]) =>
  treatAlert(compilePolicies(policies, where), alert, where, { served: true, at: 1_000 })

test('a policy rewrites words, priority, tags and details out of what the alert says itself', () => {
  const { alert: after, treatment } = treat(
    policy('words', {
      kind: 'rewrite',
      message: '{{labels.instance}}: {{message}} ({{priority}})',
      priority: 1,
      addTags: ['paged'],
      removeTags: ['NOISY'],
      details: { where: '{{labels.cluster}}/{{labels.instance}}' },
    }),
  )
  assert.equal(after.summary, 'node-1: Disk is 97 % full (P2)')
  assert.equal(after.priority, 1)
  assert.equal(after.annotations['tags'], 'storage, paged')
  assert.equal(after.labels['where'], 'one/node-1')
  assert.equal(after.fingerprint, alert.fingerprint)
  assert.deepEqual([treatment?.sent?.summary, treatment?.sent?.priority], [alert.summary, 2])
})

test('each policy sees what those before it made, and the last one ends the list', () => {
  const raise = policy('raise', { kind: 'rewrite', priority: 1 })
  const quiet = policy('quiet', { kind: 'suppress' }, { when: { priorities: [1] } })
  assert.deepEqual(treat(raise, quiet).treatment?.suppressedBy, { id: 'quiet', name: 'quiet' })
  assert.equal(treat(quiet, raise).treatment?.suppressedBy, undefined)
  assert.equal(treat({ ...raise, last: true }, quiet).treatment?.suppressedBy, undefined)
})

test('a policy that cannot do what it says does nothing, is named, and stops nobody after it', () => {
  const treated = treat(
    policy('no-alias', { kind: 'deduplicate', alias: '{{labels.missing}}' }, { last: true }),
    policy('empty', { kind: 'rewrite', message: '{{labels.missing}}' }),
    policy('broken', { kind: 'rewrite', message: '{{labels' }),
    policy('quiet', { kind: 'suppress' }),
  )
  assert.equal(treated.alias, null)
  assert.equal(treated.alert.summary, alert.summary)
  assert.deepEqual(
    treated.treatment?.policies.map(({ id }) => id),
    ['quiet'],
  )
  assert.deepEqual(
    treated.faults.map(({ policyId }) => policyId),
    ['no-alias', 'empty'],
  )
  const { unreadable } = compilePolicies(
    [policy('broken', { kind: 'rewrite', message: '{{labels' }), null as never],
    where,
  )
  assert.deepEqual(unreadable.length, 2)
})

test('an alert waits for the earlier of its time and its count; what always pages waits for nothing', () => {
  const delay = policy('delay', { kind: 'delay', minutes: 10, occurrences: 3 })
  const { treatment } = treat(delay)
  assert.equal(heldBackBy(treatment, 1, 1_000)?.kind, 'delayed')
  assert.equal(heldBackBy(treatment, 3, 1_000), null)
  assert.equal(heldBackBy(treatment, 1, 1_000 + 600_000), null)
  assert.equal(heldBackBy(treat(delay, policy('all', { kind: 'always-page' })).treatment, 1, 1_000), null)
  assert.equal(
    heldBackBy(treat(policy('quiet', { kind: 'suppress' })).treatment, 99, 9e15)?.kind,
    'suppressed',
  )
})

test('a template is text and places, and nothing in an alert makes more of it', () => {
  for (const text of ['{{', '{{}}', '{{labels}}', '{{now()}}', '{{labels.}}', '{{message}} {{x}}'])
    assert.ok(isRefusal(parseTemplate(text)), text)
  const template = parseTemplate('{{message}}!')
  assert.ok(!isRefusal(template))
  const hostile = { ...alert, summary: '{{labels.cluster}} }} {{' }
  assert.equal(renderTemplate(template, hostile, 100), '{{labels.cluster}} }} {{!')
  fc.assert(
    fc.property(fc.string({ maxLength: 2_000 }), fc.string({ maxLength: 5_000 }), (text, said) => {
      const parsed = parseTemplate(text)
      if (isRefusal(parsed)) return
      const rendered = renderTemplate(parsed, { ...alert, summary: said }, 500)
      assert.ok(rendered.length <= 500 && rendered.isWellFormed())
    }),
  )
})

test('policies that cannot be told apart, do nothing or cannot be read are refused', () => {
  const quiet = policy('one', { kind: 'suppress' })
  const codeOf = (...policies: AlertPolicy[]) => checkAlertPolicies(policies)?.code
  assert.equal(codeOf(quiet, quiet), 'policy-id-twice')
  assert.equal(codeOf(policy('x', { kind: 'rewrite' })), 'policy-without-effect')
  assert.equal(
    codeOf(policy('x', { kind: 'delay', minutes: null, occurrences: null })),
    'policy-without-effect',
  )
  assert.equal(codeOf(policy('x', { kind: 'deduplicate', alias: '{{x}}' })), 'template-unreadable')
  assert.equal(codeOf(quiet), undefined)
})
