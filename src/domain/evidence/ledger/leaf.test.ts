/** The leaf's golden bytes, and everything that is not one. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isRefusal } from '../../refusal.ts'
import { textOfUtf8, utf8 } from './bytes.ts'
import { runs, sha256 } from './crypto-for-tests.test.ts'
import { digestOfDisclosure } from './disclosure.ts'
import { canonicalJson } from './jcs.ts'
import { decodeLeaf, encodeLeaf } from './leaf.ts'
import type { Leaf } from './leaf.ts'
import { isTimestamp, timestampOf } from './timestamp.ts'

const digest = (word: string): string => digestOfDisclosure(word, sha256)

const leaf: Leaf = {
  v: 1,
  log: '018f3b2a-0000-7000-8000-000000000001',
  id: '018f3b2a-0000-7000-8000-0000000000aa',
  type: 'decision.approved',
  at: '2026-11-22T20:40:00.123Z',
  actor: 'a_7Q2x',
  via: 'web',
  refs: [['decision', '018f3b2a-0000-7000-8000-0000000000dd']],
  sd: [digest('one'), digest('two')].sort(),
  blobs: [{ kind: 'cast.chunk', h: 'ab'.repeat(32), n: 1234 }],
  prev_cp: { size: 7, root: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' },
}

test('the bytes of a leaf are fixed for ever', () => {
  assert.equal(
    textOfUtf8(encodeLeaf(leaf)),
    '{"actor":"a_7Q2x","at":"2026-11-22T20:40:00.123Z","blobs":[{"h":"abababababababababababababababababababababababababababababababab","kind":"cast.chunk","n":1234}],"id":"018f3b2a-0000-7000-8000-0000000000aa","log":"018f3b2a-0000-7000-8000-000000000001","prev_cp":{"root":"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=","size":7},"refs":[["decision","018f3b2a-0000-7000-8000-0000000000dd"]],"sd":["UjR7ExOlZt1qmzyY1z-e1SMNRet4gbcZMMAOvdtR7WM","njYXCZvdgII1lQXv_5ucVrx0c8kidcutZziyyInuIj4"],"type":"decision.approved","v":1,"via":"web"}',
  )
  assert.deepEqual(decodeLeaf(encodeLeaf(leaf)), leaf)
})

const without = (name: keyof Leaf): unknown =>
  Object.fromEntries(Object.entries(leaf).filter(([key]) => key !== name))

const broken: Readonly<Record<string, unknown>> = {
  'not an object': [],
  'another version': { ...leaf, v: 2 },
  'an upper-case log': { ...leaf, log: leaf.log.toUpperCase() },
  'an id that is no UUID': { ...leaf, id: '17' },
  'a type of one word': { ...leaf, type: 'decision' },
  'a type in capitals': { ...leaf, type: 'Decision.Approved' },
  'an endless type': { ...leaf, type: `decision.${'a'.repeat(64)}` },
  'a time without milliseconds': { ...leaf, at: '2026-11-22T20:40:00Z' },
  'a time with an offset': { ...leaf, at: '2026-11-22T20:40:00.123+01:00' },
  'a day that does not exist': { ...leaf, at: '2026-02-29T00:00:00.000Z' },
  'a readable actor': { ...leaf, actor: 'Ada Example' },
  'an unknown route': { ...leaf, via: 'telepathy' },
  'a reference of three': { ...leaf, refs: [['decision', leaf.id, leaf.id]] },
  'a reference to a number': { ...leaf, refs: [['decision', 'D-12']] },
  'digests out of order': { ...leaf, sd: leaf.sd.toReversed() },
  'a digest twice': { ...leaf, sd: [leaf.sd[0], leaf.sd[0]] },
  'a digest of another length': { ...leaf, sd: ['abc'] },
  'a digest with stray bits': { ...leaf, sd: [`${'A'.repeat(42)}B`] },
  'a blob with more fields': { ...leaf, blobs: [{ kind: 'x', h: 'ab'.repeat(32), n: 1, name: 'secret' }] },
  'a blob with an upper-case hash': { ...leaf, blobs: [{ kind: 'x', h: 'AB'.repeat(32), n: 1 }] },
  'a blob of negative length': { ...leaf, blobs: [{ kind: 'x', h: 'ab'.repeat(32), n: -1 }] },
  'a checkpoint with a short root': { ...leaf, prev_cp: { size: 7, root: 'AAAA' } },
  'a checkpoint of half a size': { ...leaf, prev_cp: { ...leaf.prev_cp, size: 0.5 } },
  'a field nobody knows': { ...leaf, note: 'hello' },
  'no digests list': without('sd'),
  'no references list': without('refs'),
}

for (const [what, value] of Object.entries(broken)) {
  test(`a leaf with ${what} is neither written nor read`, () => {
    assert.throws(() => encodeLeaf(value as Leaf), TypeError)
    assert.ok(isRefusal(decodeLeaf(utf8(JSON.stringify(value)))))
  })
}

test('65,535 bytes are a leaf, 65,536 are not', () => {
  const sd = Array.from({ length: 1300 }, (_, i) => digest(`field ${i}`)).sort()
  const withRefs = (count: number, lastKind: string): Leaf => ({
    ...leaf,
    sd,
    refs: Array.from({ length: count }, (_, i) => [i === 0 ? lastKind : 'd', leaf.id] as const),
  })
  const each = encodeLeaf(withRefs(2, 'd')).length - encodeLeaf(withRefs(1, 'd')).length
  const count = 1 + Math.floor((65_535 - encodeLeaf(withRefs(1, 'd')).length) / each)
  const rest = 65_535 - encodeLeaf(withRefs(count, 'd')).length
  const full = withRefs(count, `d${'x'.repeat(rest)}`)
  assert.equal(encodeLeaf(full).length, 65_535)
  assert.deepEqual(decodeLeaf(encodeLeaf(full)), full)
  const fuller = withRefs(count, `d${'x'.repeat(rest + 1)}`)
  assert.throws(() => encodeLeaf(fuller), RangeError)
  assert.ok(isRefusal(decodeLeaf(utf8(canonicalJson(fuller)))))
})

test('other bytes for the same leaf are refused: bytes are evidence, meaning is not', () => {
  const text = textOfUtf8(encodeLeaf(leaf))!
  for (const other of [
    ` ${text}`,
    `${text}\n`,
    text.replace(',"at"', ', "at"'),
    text.replace('"v":1', '"v":1,"v":1'),
    text.replace('a_7Q2x', '\\u0061_7Q2x'),
  ])
    assert.ok(isRefusal(decodeLeaf(utf8(other))), other)
  assert.ok(isRefusal(decodeLeaf(Uint8Array.of(0xff, 0xfe))))
  assert.ok(isRefusal(decodeLeaf(new Uint8Array(70_000).fill(0x20))))
})

test('instants are written as the rest of the world writes them, leap days included', () => {
  fc.assert(
    fc.property(fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 }), (ms) => {
      const written = timestampOf(ms)
      assert.equal(written, new Date(ms).toISOString())
      assert.ok(isTimestamp(written))
    }),
    runs(500),
  )
  for (const day of ['2024-02-29', '2000-02-29', '1970-01-01', '2026-12-31'])
    assert.equal(timestampOf(Date.parse(day)), `${day}T00:00:00.000Z`)
  for (const no of [
    '1900-02-29T00:00:00.000Z',
    '2026-04-31T00:00:00.000Z',
    '2026-00-10T00:00:00.000Z',
    '2026-01-01T24:00:00.000Z',
    '2026-06-30T23:59:60.000Z',
    '2026-01-01T00:00:00.0000Z',
  ])
    assert.equal(isTimestamp(no), false, no)
  assert.throws(() => timestampOf(Number.NaN), RangeError)
  assert.throws(() => timestampOf(1.5), RangeError)
  assert.throws(() => timestampOf(8.64e15), RangeError)
})
