/** Canonical JSON against the RFC's own vectors and against what JSON.parse makes of it. */

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { runs, vectorsAt } from './crypto-for-tests.test.ts'
import { canonicalJson, rfc8785Json } from './jcs.ts'

const jcs = vectorsAt('jcs', 'testdata')

test('all six vectors of the RFC author come out byte by byte', { skip: jcs.skip }, () => {
  const names = readdirSync(join(jcs.folder, 'input'))
  assert.equal(names.length, 6)
  for (const name of names) {
    const input: unknown = JSON.parse(readFileSync(join(jcs.folder, 'input', name), 'utf8'))
    const expected = readFileSync(join(jcs.folder, 'output', name))
    assert.deepEqual(Buffer.from(rfc8785Json(input)), expected, name)
    // The ledger's profile writes the same, or refuses: only values.json holds an integer beyond 2^53-1 (1E30).
    if (name === 'values.json') assert.throws(() => canonicalJson(input), TypeError)
    else assert.deepEqual(Buffer.from(canonicalJson(input)), expected, name)
  }
})

test('numbers are written as RFC 8785 appendix B lists them', () => {
  const ofBits = (hex: string): number => Buffer.from(hex, 'hex').readDoubleBE()
  const appendixB: readonly (readonly [string, string])[] = [
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ]
  for (const [bits, expected] of appendixB) assert.equal(rfc8785Json(ofBits(bits)), expected, bits)
})

test('names are ordered by UTF-16 code units, not by code points', () => {
  // U+1F600 is D83D DE00, which sorts before U+FB33 although its code point is larger.
  assert.equal(
    canonicalJson({ '\ufb33': 1, '\u{1f600}': 2, '1': 3, '10': 4, a: 5 }),
    '{"1":3,"10":4,"a":5,"\u{1f600}":2,"\ufb33":1}',
  )
})

test('what readers disagree about is refused, never rounded', () => {
  const bad: readonly unknown[] = [
    undefined,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -0,
    2 ** 53,
    -(2 ** 53),
    1e30,
    10n,
    '\ud800',
    'a\udc00',
    Symbol('x'),
    () => 1,
    new Date(0),
    new Map(),
    [undefined],
    // oxlint-disable-next-line no-sparse-arrays -- the hole is the point
    [1, , 2],
    { a: undefined },
    { '\ud800': 1 },
  ]
  for (const value of bad) assert.throws(() => canonicalJson(value), TypeError)
  for (const value of bad) assert.throws(() => canonicalJson({ deep: [value] }), TypeError)
})

test('nesting is bounded, so a cycle ends', () => {
  const cycle: unknown[] = []
  cycle.push(cycle)
  assert.throws(() => canonicalJson(cycle), TypeError)
})

test('any JSON value is read back as it was, and its text is a fixed point whatever order names came in', () => {
  const shuffled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffled)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([name, member]) => [name, shuffled(member)]),
    )
  }
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false, maxDepth: 6 }), (value) => {
      const plain: unknown = JSON.parse(JSON.stringify(value))
      const written = rfc8785Json(plain)
      assert.deepEqual(JSON.parse(written), plain)
      assert.equal(rfc8785Json(shuffled(plain)), written)
      assert.equal(rfc8785Json(JSON.parse(written)), written)
    }),
    runs(300),
  )
})
