import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { emptyHead, nextHead } from './chunk-head.ts'

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest())
const chunks = ['one', 'two', 'three'].map((text) => sha256(Buffer.from(text)))
const headOf = (parts: readonly Uint8Array[]): string =>
  Buffer.from(parts.reduce((head, part) => nextHead(head, part, sha256), emptyHead())).toString('hex')

test('the head is the tagged hash of the head before and the chunk', () => {
  const byHand = createHash('sha256')
    .update(Buffer.concat([Buffer.from([3]), Buffer.alloc(32), chunks[0]!]))
    .digest('hex')
  assert.equal(headOf(chunks.slice(0, 1)), byHand)
})

test('a chunk swapped, left out, doubled or changed gives another head', () => {
  const [a, b, c] = chunks as [Uint8Array, Uint8Array, Uint8Array]
  const heads = [
    [a, b, c],
    [b, a, c],
    [a, c],
    [a, b, b, c],
    [a, b],
    [a, b, sha256(c)],
  ].map(headOf)
  assert.equal(new Set(heads).size, heads.length)
})

test('a hash of another length is refused', () => {
  assert.throws(() => nextHead(emptyHead(), new Uint8Array(31), sha256), RangeError)
  assert.throws(() => nextHead(new Uint8Array(0), chunks[0]!, sha256), RangeError)
})
