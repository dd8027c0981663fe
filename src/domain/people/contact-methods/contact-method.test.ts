/** A code proves a way to reach somebody only in time, only when it is right, and only within a few tries. */
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import {
  CODE_VALID_MS,
  judgeCode,
  maskedAddress,
  mayIssueCode,
  MOST_CODE_TRIES,
  MOST_CODES_A_DAY,
} from './contact-method.ts'

const numRuns = Number(process.env['FORTNIGHT_RUNS'] ?? 200)

test('a code is taken exactly when it is right, in time and within the tries', () => {
  fc.assert(
    fc.property(fc.nat(CODE_VALID_MS * 2), fc.nat(MOST_CODE_TRIES * 2), fc.boolean(), (age, tries, right) => {
      const refusal = judgeCode({ issuedAt: 1_000, tries }, right, 1_000 + age)
      assert.equal(refusal === null, right && age < CODE_VALID_MS && tries < MOST_CODE_TRIES)
    }),
    { numRuns },
  )
})

test('what was never sent cannot be entered, right or not', () => {
  assert.equal(judgeCode({ issuedAt: null, tries: 0 }, true, 5)?.code, 'code-expired')
})

test('codes are neither hurried nor sent without end', () => {
  assert.equal(mayIssueCode({ issuedAt: 0, tries: 0 }, 0, 19_999)?.code, 'code-too-soon')
  assert.equal(mayIssueCode({ issuedAt: 0, tries: 0 }, 0, 20_000), null)
  assert.equal(mayIssueCode({ issuedAt: null, tries: 0 }, MOST_CODES_A_DAY, 0)?.code, 'too-many-codes')
})

test('a masked address gives no secret away', () => {
  assert.equal(maskedAddress('ntfy', 'correct-horse-battery'), 'corr…')
  assert.equal(maskedAddress('ntfy', 'short'), '…')
  assert.equal(
    maskedAddress('webhook', 'https://hooks.example.org/T1/secret?key=2'),
    'https://hooks.example.org',
  )
})
