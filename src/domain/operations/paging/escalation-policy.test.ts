/** Steps that count in parts of a response time: in order, at their part where there is one, by their minutes where there is none. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkPolicy, withResponseTime, type EscalationPolicy } from './escalation-policy.ts'
import { stepTimes } from './page.ts'

const targets = [{ kind: 'role', role: 'administrator' }] as const
const policyOf = (...steps: { afterMinutes: number; ofResponse?: number }[]): EscalationPolicy => ({
  id: 'p',
  name: 'P',
  steps: [{ afterMinutes: 0, targets }, ...steps.map((step) => ({ ...step, targets }))],
  repeat: 0,
  fallback: targets,
})
const begins = (policy: EscalationPolicy) =>
  stepTimes(policy)
    .filter(({ step }) => !step.lastResort)
    .map(({ afterMinutes }) => afterMinutes)

test('half of an hour is half an hour after the page, whatever the step before waited', () => {
  const policy = policyOf({ afterMinutes: 5 }, { afterMinutes: 10, ofResponse: 0.5 }, { afterMinutes: 7 })
  assert.deepEqual(begins(withResponseTime(policy, 60)), [0, 5, 30, 37])
  assert.deepEqual(begins(withResponseTime(policy, null)), [0, 5, 15, 22])
})

test('nothing of the part is left in what a page freezes', () => {
  const frozen = withResponseTime(policyOf({ afterMinutes: 5, ofResponse: 0.5 }), 60)
  assert.deepEqual(Object.keys(frozen.steps[1]!), ['afterMinutes', 'targets'])
})

test('whatever the parts and the response time, steps stay in order and within a day of each other, and the policy passes', () => {
  const step = fc.record(
    {
      afterMinutes: fc.integer({ min: 1, max: 1440 }),
      ofResponse: fc.double({ min: 0.05, max: 1, noNaN: true }),
    },
    { requiredKeys: ['afterMinutes'] },
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), fc.integer({ min: 1, max: 10_080 }), (steps, response) => {
      const policy = policyOf(...steps)
      assert.equal(checkPolicy(policy), null)
      const resolved = withResponseTime(policy, response)
      assert.equal(checkPolicy(resolved), null)
      const times = begins(resolved)
      times.forEach((at, place) => {
        const part = place === 0 ? undefined : steps[place - 1]?.ofResponse
        const meant = part === undefined ? undefined : Math.round(response * part)
        const before = times[place - 1] ?? -1
        assert.ok(at > before)
        if (meant !== undefined && meant > before && meant - before <= 1440) assert.equal(at, meant)
      })
    }),
    { numRuns: Number(process.env['FORTNIGHT_RUNS'] ?? 200) },
  )
})

test('a part outside of 0.05 to 1, and one of the first step, is refused', () => {
  for (const ofResponse of [0, 0.01, 1.01, Number.NaN])
    assert.equal(checkPolicy(policyOf({ afterMinutes: 5, ofResponse }))?.code, 'step-part-invalid')
  const first = { ...policyOf(), steps: [{ afterMinutes: 0, ofResponse: 0.5, targets }] }
  assert.equal(checkPolicy(first)?.code, 'step-part-invalid')
})
