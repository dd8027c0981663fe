/** Disclosures: what a digest commits to, and that nothing else passes for one. */

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { isRefusal } from '../../refusal.ts'
import { runs, sha256 } from './crypto-for-tests.test.ts'
import { digestOfDisclosure, disclosureOf, parseDisclosure } from './disclosure.ts'

const salt = Uint8Array.from({ length: 32 }, (_, i) => i)

test('text and digest of a disclosure are fixed for ever', () => {
  const text = disclosureOf(salt, 'risk', { level: 'low', because: 'zażółć' })
  assert.equal(
    text,
    '["AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","risk",{"because":"zażółć","level":"low"}]',
  )
  const expected = createHash('sha256').update(`fortnight/disclosure/v1\n${text}`).digest('base64url')
  assert.equal(digestOfDisclosure(text, sha256), expected)
})

test('any field reads back, and another salt, name or value gives another digest', () => {
  const field = fc.tuple(
    fc.uint8Array({ minLength: 16, maxLength: 32 }),
    fc.string({ minLength: 1, unit: 'grapheme' }),
    fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.array(fc.string())),
  )
  fc.assert(
    fc.property(field, field, (a, b) => {
      const [one, other] = [disclosureOf(...a), disclosureOf(...b)]
      const read = parseDisclosure(one)
      assert.ok(!isRefusal(read))
      assert.equal(read.name, a[1])
      assert.deepEqual(read.value, a[2])
      assert.equal(one === other, digestOfDisclosure(one, sha256) === digestOfDisclosure(other, sha256))
    }),
    runs(300),
  )
})

test('a guessable salt is refused', () => {
  for (const length of [0, 15, 33])
    assert.throws(() => disclosureOf(new Uint8Array(length), 'a', 1), RangeError)
  assert.throws(() => disclosureOf(salt, '', 1), TypeError)
  assert.throws(() => disclosureOf(salt, 'a', undefined), TypeError)
})

test('only what a writer could have written is a disclosure', () => {
  const good = disclosureOf(salt, 'a', 1)
  const b64 = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8'
  for (const text of [
    '',
    '[]',
    `["${b64}","a"]`,
    `["${b64}","a",1,2]`,
    `["${b64}", "a",1]`,
    `["${b64}=","a",1]`,
    `["AAAA","a",1]`,
    `["${b64}","",1]`,
    `["${b64}",1,1]`,
    `[1,"a",1]`,
    `${good} `,
    `["${b64}","a",{"x":1,"x":2}]`,
  ])
    assert.ok(isRefusal(parseDisclosure(text)), text)
})
