/** The first rule that fits decides; without one, what is urgent pages by the environment's own policy. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Priority } from '../alerts/priority.ts'
import type { ConditionedAlert } from '../alerts/alert-condition.ts'
import { checkRouting, readsLabels, route, type RoutingRule } from './routing.ts'
import type { ServiceHours } from './service-hours.ts'

const utc = (text: string) => Date.parse(text)
const night = utc('2026-11-24T02:00Z')
const hours: ServiceHours = {
  zone: 'UTC',
  windows: [{ days: [1, 2, 3, 4, 5], from: '06:00', to: '22:00' }],
  holidays: [],
}
const alert: ConditionedAlert = {
  customerId: 'acme',
  environmentId: 'acme-prod',
  priority: 2,
  labels: { cluster: 'workload-1', team: 'storage' },
}
const rule = (when: RoutingRule['when'], does: RoutingRule['does'] = { kind: 'list' }): RoutingRule => ({
  id: 'one',
  name: 'One',
  when,
  does,
})
const fitsOne = (when: RoutingRule['when'], of = alert, at = night): boolean =>
  route([rule(when)], of, hours, at).rule !== null

test('without a rule P1 and P2 page by the policy of the environment and the others are listed', () => {
  const routed = (priority: Priority) => route([], { ...alert, priority }, hours, night)
  for (const priority of [1, 2] as const)
    assert.deepEqual(routed(priority), { kind: 'page', policyId: null, rule: null })
  for (const priority of [3, 4, 5] as const) assert.deepEqual(routed(priority), { kind: 'list', rule: null })
})

test('each condition is asked, and all of a rule must fit', () => {
  assert.ok(fitsOne({}))
  assert.ok(fitsOne({ customers: ['acme'], environments: ['acme-prod'], clusters: ['workload-1'] }))
  assert.ok(!fitsOne({ customers: ['acme'], environments: ['acme-stage'] }))
  assert.ok(!fitsOne({ clusters: ['workload-2'] }))
  assert.ok(!fitsOne({ clusters: ['workload-1'] }, { ...alert, labels: {} }))
  assert.ok(fitsOne({ priorities: [1, 2] }))
  assert.ok(!fitsOne({ priorities: [1] }))
  assert.ok(fitsOne({ labels: [{ label: 'team', oneOf: ['network', 'storage'] }] }))
  assert.ok(fitsOne({ labels: [{ label: 'team', oneOf: [] }] }))
  assert.ok(!fitsOne({ labels: [{ label: 'team', oneOf: ['storage'], not: true }] }))
  assert.ok(fitsOne({ labels: [{ label: 'shard', oneOf: [], not: true }] }))
  assert.ok(!fitsOne({ labels: [{ label: 'constructor', oneOf: [] }] }))
  assert.ok(fitsOne({ hours: 'outside' }))
  assert.ok(!fitsOne({ hours: 'within' }))
  assert.ok(fitsOne({ hours: 'within' }, alert, night + 5 * 3_600_000))
})

test('what waits pages when it is served: at once during the hours, and where nobody has hours', () => {
  const wait = [rule({}, { kind: 'wait', policyId: 'calm' })]
  assert.deepEqual(route(wait, alert, hours, night), {
    kind: 'wait',
    until: utc('2026-11-24T06:00Z'),
    rule: wait[0],
  })
  const now = { kind: 'page', policyId: 'calm', rule: wait[0] }
  assert.deepEqual(route(wait, alert, hours, utc('2026-11-24T06:00Z')), now)
  assert.deepEqual(route(wait, alert, null, night), now)
})

test('the first rule that fits decides, whatever comes after it', () => {
  const some = fc.record({
    id: fc.string({ minLength: 1, maxLength: 8 }),
    name: fc.constant('Rule'),
    when: fc.record(
      {
        priorities: fc.subarray<Priority>([1, 2, 3, 4, 5], { minLength: 1 }),
        hours: fc.constantFrom('within' as const, 'outside' as const),
        clusters: fc.subarray(['workload-1', 'workload-2'], { minLength: 1 }),
      },
      { requiredKeys: [] },
    ),
    does: fc.constantFrom(
      { kind: 'list' as const },
      { kind: 'page' as const, policyId: 'p' },
      { kind: 'wait' as const, policyId: null },
    ),
  })
  fc.assert(
    fc.property(
      fc.array(some, { maxLength: 6 }),
      fc.constantFrom<Priority>(1, 2, 3, 4, 5),
      (rules, priority) => {
        const of = { ...alert, priority }
        const routed = route(rules, of, hours, night)
        const first = rules.findIndex((each) => route([each], of, hours, night).rule !== null)
        assert.equal(routed.rule, first < 0 ? null : rules[first])
        if (first >= 0) assert.deepEqual(routed, route(rules.slice(0, first + 1), of, hours, night))
      },
    ),
  )
})

test('rules that cannot be told apart, or are too many or too large, are refused', () => {
  assert.equal(checkRouting([rule({})]), null)
  assert.equal(checkRouting([rule({}), rule({})])?.code, 'rule-id-twice')
  const many = Array.from({ length: 201 }, (_, n) => ({ ...rule({}), id: `r${n}` }))
  assert.equal(checkRouting(many)?.code, 'too-many-rules')
  const clusters = Array.from({ length: 101 }, (_, n) => `c${n}`)
  assert.equal(checkRouting([rule({ clusters })])?.code, 'rule-too-large')
  assert.equal(readsLabels([rule({ hours: 'within' })]), false)
  assert.equal(readsLabels([rule({ clusters: ['a'] })]), true)
})
