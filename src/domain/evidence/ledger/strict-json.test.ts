/** The strict reader beside JSON.parse: it may refuse more, it never understands anything else. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { runs } from './crypto-for-tests.test.ts'
import { canonicalJson } from './jcs.ts'
import { parseCanonicalJson, parseStrictJson } from './strict-json.ts'

test('text with two meanings, or none, is refused', () => {
  const bad = [
    '',
    ' ',
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":1}',
    '{"__proto__":1,"__proto__":2}',
    '[1] x',
    '[1][2]',
    '1 2',
    '"\\ud800"',
    '"\\udc00\\ud800"',
    '"\ud800"',
    '1e999',
    '-1e999',
    '9007199254740992',
    '-9007199254740992',
    '1e30',
    '-0',
    '-0.0',
    '-1e-999',
    '01',
    '+1',
    '.5',
    '1.',
    '0x10',
    'NaN',
    'Infinity',
    'undefined',
    'tru',
    '[1,]',
    '{"a":1,}',
    '{a:1}',
    "{'a':1}",
    '{"a" 1}',
    '[1 2]',
    '"\n"',
    '"\u0000"',
    '"\\x41"',
    '"\\u00g0"',
    '"\\u00"',
    '"open',
    '[',
    '{"a":',
    '\ufeff1',
    '/* */1',
    '\u00a01',
  ]
  for (const text of bad) assert.throws(() => parseStrictJson(text), SyntaxError, JSON.stringify(text))
})

test('a member called __proto__ is a member', () => {
  const value = parseStrictJson('{"__proto__":{"polluted":true},"constructor":1}')
  assert.deepEqual(Object.keys(value as object), ['__proto__', 'constructor'])
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined)
  assert.equal(canonicalJson(value), '{"__proto__":{"polluted":true},"constructor":1}')
})

test('depth and length are bounded', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
  assert.doesNotThrow(() => parseStrictJson(nested(64)))
  assert.doesNotThrow(() => canonicalJson(JSON.parse(nested(64))))
  assert.throws(() => canonicalJson(JSON.parse(nested(65))), TypeError)
  assert.throws(() => parseStrictJson(nested(65)), SyntaxError)
  assert.throws(() => parseStrictJson(nested(1_000_000)), SyntaxError)
  assert.throws(() => parseStrictJson(nested(4), { maxDepth: 2 }), SyntaxError)
  assert.throws(() => parseStrictJson('"aaaa"', { maxLength: 5 }), SyntaxError)
})

test('an error says where and never repeats what was written', () => {
  assert.throws(
    () => parseStrictJson('{"password":"hunter2","password":1}'),
    /name used twice at character 32/,
  )
})

test('whatever is accepted, JSON.parse understands alike and canonicalJson can write', () => {
  const document = fc.json({ noUnicodeString: false, maxDepth: 5 })
  // Random cuts and swaps make most of the texts nearly right, which is where readers differ.
  const damaged = fc
    .tuple(
      document,
      fc.nat(),
      fc.nat(),
      fc.constantFrom('', '"', ',', ':', '\\', '{', ']', '0', '-', '\u0007'),
    )
    .map(([text, from, length, middle]) => {
      const start = from % (text.length + 1)
      return text.slice(0, start) + middle + text.slice(start + (length % 4))
    })
  let accepted = 0
  fc.assert(
    fc.property(fc.oneof(document, damaged), (text) => {
      let value: unknown
      try {
        value = parseStrictJson(text)
      } catch (error) {
        assert.ok(error instanceof SyntaxError)
        return
      }
      accepted++
      assert.deepEqual(value, JSON.parse(text))
      assert.deepEqual(JSON.parse(canonicalJson(value)), value)
    }),
    runs(500),
  )
  assert.ok(accepted > 50, `only ${accepted} texts were accepted`)
})

test('nothing lawful is refused', () => {
  fc.assert(
    fc.property(fc.json({ noUnicodeString: false, maxDepth: 5 }), (text) => {
      const value: unknown = JSON.parse(text)
      try {
        canonicalJson(value)
      } catch {
        return
      }
      assert.deepEqual(parseStrictJson(text), value)
    }),
    runs(300),
  )
})

test('canonical text is the only text of its value', () => {
  assert.deepEqual(parseCanonicalJson('{"a":1,"b":[true,null]}'), { a: 1, b: [true, null] })
  for (const text of ['{"b":1,"a":1}', '{"a": 1}', '[1.0]', '["\\u0061"]', '["\\/"]', '[1]\n', '[1e1]'])
    assert.throws(() => parseCanonicalJson(text), SyntaxError, text)
})
