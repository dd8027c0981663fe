/** The log's arithmetic against the plain recursive text of RFC 6962, which shares no line with it. */

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { equalBytes } from './bytes.ts'
import { consistencyProof, consistencyRanges, verifyConsistency } from './consistency.ts'
import { runs, sha256 } from './crypto-for-tests.test.ts'
import {
  appendLeafHash,
  appendLeafHashes,
  decodeFrontier,
  emptyFrontier,
  encodeFrontier,
  frontierRoot,
} from './frontier.ts'
import { inclusionProof, inclusionRanges, verifyInclusion } from './inclusion.ts'
import { rangeEdges, rootOfRange, rootWithinRange } from './range-proof.ts'
import type { RangeClaim } from './range-proof.ts'
import { leafHash } from './rfc6962.ts'
import { subtreeHashesOf } from './subtrees.ts'

// The oracle: RFC 6962 section 2.1, by recursion on lists of leaves.
const sha = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest()
const split = (n: number): number => 2 ** (Math.ceil(Math.log2(n)) - 1)
const MTH = (d: readonly Buffer[]): Buffer => {
  if (d.length === 0) return sha()
  if (d.length === 1) return sha(Buffer.of(0), d[0]!)
  const k = split(d.length)
  return sha(Buffer.of(1), MTH(d.slice(0, k)), MTH(d.slice(k)))
}
const PATH = (m: number, d: readonly Buffer[]): Buffer[] => {
  if (d.length === 1) return []
  const k = split(d.length)
  return m < k
    ? [...PATH(m, d.slice(0, k)), MTH(d.slice(k))]
    : [...PATH(m - k, d.slice(k)), MTH(d.slice(0, k))]
}
const SUBPROOF = (m: number, d: readonly Buffer[], whole: boolean): Buffer[] => {
  if (m === d.length) return whole ? [] : [MTH(d)]
  const k = split(d.length)
  return m <= k
    ? [...SUBPROOF(m, d.slice(0, k), whole), MTH(d.slice(k))]
    : [...SUBPROOF(m - k, d.slice(k), false), MTH(d.slice(0, k))]
}

const entries = Array.from({ length: 70 }, (_, i) => Buffer.from(`entry ${i}`))
const hashes = entries.map((entry) => leafHash(entry, sha256))
const subtrees = subtreeHashesOf(hashes, sha256)
const roots = Array.from({ length: entries.length + 1 }, (_, n) => MTH(entries.slice(0, n)))
const same = (a: Uint8Array | undefined, b: Uint8Array): void =>
  assert.ok(a !== undefined && equalBytes(a, b))
const sameList = (a: readonly Uint8Array[], b: readonly Uint8Array[]): void =>
  assert.deepEqual(
    a.map((hash) => Buffer.from(hash).toString('hex')),
    b.map((hash) => Buffer.from(hash).toString('hex')),
  )

test('a frontier grown entry by entry has the RFC root at every size, and survives being stored', () => {
  let frontier = emptyFrontier
  for (const [size, hash] of hashes.entries()) {
    same(frontierRoot(frontier, sha256), roots[size]!)
    const stored = decodeFrontier(encodeFrontier(frontier))
    assert.deepEqual(stored, frontier)
    frontier = appendLeafHash(frontier, hash, sha256)
  }
  same(frontierRoot(frontier, sha256), roots[70]!)
})

test('batches of any sizes lead to the same frontier and report each finished subtree once', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 20 }), { maxLength: 8 }), (batches) => {
      let frontier = emptyFrontier
      const seen = new Set<string>()
      for (const batch of batches) {
        const end = Math.min(frontier.size + batch, hashes.length)
        const step = appendLeafHashes(frontier, hashes.slice(frontier.size, end), sha256)
        frontier = step.frontier
        for (const { level, index, hash } of step.completed) {
          assert.ok(!seen.has(`${level}/${index}`))
          seen.add(`${level}/${index}`)
          same(hash, MTH(entries.slice(index * 2 ** level, (index + 1) * 2 ** level)))
        }
      }
      same(frontierRoot(frontier, sha256), roots[frontier.size]!)
      // A log of n entries has n minus its one-bits finished subtrees above the leaves.
      const ones = frontier.size.toString(2).replaceAll('0', '').length
      assert.equal(seen.size, frontier.size - ones)
    }),
    runs(60),
  )
})

test('a stored frontier with a hash too many, too few, or half a hash is refused', () => {
  const bytes = encodeFrontier({ size: 5, hashes: hashes.slice(0, 2) })
  assert.ok(decodeFrontier(bytes))
  for (const bad of [
    bytes.subarray(0, 7),
    bytes.subarray(0, -1),
    bytes.subarray(0, -32),
    Buffer.concat([bytes, hashes[0]!]),
  ])
    assert.equal(decodeFrontier(bad), undefined)
})

test('every inclusion proof up to 70 entries is the one of the RFC and verifies', () => {
  for (let size = 1; size <= 70; size++) {
    for (let index = 0; index < size; index++) {
      const proof = inclusionProof(index, size, subtrees, sha256)
      sameList(proof, PATH(index, entries.slice(0, size)))
      assert.ok(verifyInclusion({ index, size, leafHash: hashes[index]!, proof, root: roots[size]! }, sha256))
    }
  }
})

test('every consistency proof up to 70 entries is the one of the RFC and verifies', () => {
  for (let newSize = 1; newSize <= 70; newSize++) {
    for (let oldSize = 1; oldSize <= newSize; oldSize++) {
      const proof = consistencyProof(oldSize, newSize, subtrees, sha256)
      sameList(proof, SUBPROOF(oldSize, entries.slice(0, newSize), true))
      const claim = { oldSize, oldRoot: roots[oldSize]!, newSize, newRoot: roots[newSize]!, proof }
      assert.ok(verifyConsistency(claim, sha256))
    }
  }
})

/** Everything a forger may do to a list of hashes without finding a collision. */
const bent = (proof: readonly Uint8Array[], pick: number): readonly (readonly Uint8Array[])[] => {
  const at = proof.length === 0 ? 0 : pick % proof.length
  const flipped = proof.map((hash, i) =>
    i === at ? hash.map((byte, j) => (j === pick % 32 ? byte ^ 1 : byte)) : hash,
  )
  const bends: (readonly Uint8Array[])[] = [
    [...proof, hashes[0]!],
    [hashes[0]!, ...proof],
    [...proof, new Uint8Array(0)],
    [...proof, ...proof.slice(-1)].slice(0, proof.length + 1),
    [...proof.slice(0, at), ...proof.slice(at, at + 1), ...proof.slice(at)],
  ]
  if (proof.length > 0)
    bends.push(
      flipped,
      proof.slice(1),
      proof.slice(0, -1),
      proof.map((hash) => hash.subarray(0, 31)),
    )
  if (proof.length > 1) bends.push(proof.toReversed())
  return bends.filter(
    (bend) => bend.length !== proof.length || bend.some((hash, i) => !equalBytes(hash, proof[i]!)),
  )
}

test('an inclusion proof verifies for nothing but its entry, place, size and root', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), fc.nat(), (size, seed, pick) => {
      const index = seed % size
      const claim = {
        index,
        size,
        leafHash: hashes[index]!,
        proof: inclusionProof(index, size, subtrees, sha256),
        root: roots[size]!,
      }
      for (const proof of bent(claim.proof, pick)) assert.ok(!verifyInclusion({ ...claim, proof }, sha256))
      for (let other = 0; other <= size; other++)
        if (other !== index) assert.ok(!verifyInclusion({ ...claim, index: other }, sha256), `index ${other}`)
      const otherLeaf = hashes[(index + 1) % 70]!
      assert.ok(!verifyInclusion({ ...claim, leafHash: otherLeaf }, sha256))
      assert.ok(!verifyInclusion({ ...claim, root: roots[size - 1]! }, sha256))
      for (const bad of [-1, 0.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY]) {
        assert.ok(!verifyInclusion({ ...claim, index: bad }, sha256))
        assert.ok(!verifyInclusion({ ...claim, size: bad }, sha256))
      }
    }),
    runs(60),
  )
})

test('a consistency proof verifies for nothing but its two heads', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), fc.nat(), (newSize, seed, pick) => {
      const oldSize = 1 + (seed % newSize)
      const proof = consistencyProof(oldSize, newSize, subtrees, sha256)
      const claim = { oldSize, oldRoot: roots[oldSize]!, newSize, newRoot: roots[newSize]!, proof }
      for (const bend of bent(proof, pick)) assert.ok(!verifyConsistency({ ...claim, proof: bend }, sha256))
      assert.ok(!verifyConsistency({ ...claim, oldRoot: roots[oldSize - 1]! }, sha256))
      assert.ok(!verifyConsistency({ ...claim, newRoot: roots[newSize - 1]! }, sha256))
      if (oldSize !== newSize)
        assert.ok(!verifyConsistency({ ...claim, oldRoot: claim.newRoot, newRoot: claim.oldRoot }, sha256))
      for (const bad of [0, -1, 0.5, Number.NaN, newSize + 1, 2 ** 53])
        assert.ok(!verifyConsistency({ ...claim, oldSize: bad }, sha256))
    }),
    runs(60),
  )
})

test('a proof that leads to the root by a hash too many, or of another length, is refused all the same', () => {
  // Whoever signs can sign such a root; the claim about index and size would still be false.
  const [leaf, other] = [hashes[0]!, hashes[1]!]
  const wide = Buffer.concat([other, other])
  const rootOver = (sibling: Uint8Array): Uint8Array => sha(Buffer.of(1), leaf, sibling)
  const claim = { index: 0, leafHash: leaf }
  assert.ok(verifyInclusion({ ...claim, size: 2, proof: [other], root: rootOver(other) }, sha256))
  assert.ok(!verifyInclusion({ ...claim, size: 2, proof: [wide], root: rootOver(wide) }, sha256))
  const rootUnder = sha(Buffer.of(1), other, leaf)
  assert.ok(!verifyInclusion({ ...claim, size: 1, proof: [other], root: rootUnder }, sha256))
  const grown = { oldSize: 1, oldRoot: leaf, newSize: 2 }
  assert.ok(verifyConsistency({ ...grown, newRoot: rootOver(other), proof: [other] }, sha256))
  assert.ok(!verifyConsistency({ ...grown, newRoot: rootOver(wide), proof: [wide] }, sha256))
  const further = sha(Buffer.of(1), rootOver(other), other)
  assert.ok(!verifyConsistency({ ...grown, newRoot: further, proof: [other, other] }, sha256))
  assert.ok(
    !verifyConsistency(
      { ...grown, newRoot: sha(Buffer.of(1), other, rootOver(other)), proof: [other, other] },
      sha256,
    ),
  )
})

test('a forked history has no consistency proof: not even the honest one of either branch', () => {
  for (let fork = 1; fork < 20; fork++) {
    const other = entries.map((entry, i) => (i < fork ? entry : Buffer.from(`forged ${i}`)))
    const forged = subtreeHashesOf(
      other.map((entry) => leafHash(entry, sha256)),
      sha256,
    )
    const claim = {
      oldSize: fork + 1,
      oldRoot: roots[fork + 1]!,
      newSize: 30,
      newRoot: MTH(other.slice(0, 30)),
    }
    for (const tree of [subtrees, forged])
      assert.ok(!verifyConsistency({ ...claim, proof: consistencyProof(fork + 1, 30, tree, sha256) }, sha256))
  }
})

test('from an empty log nothing is proved, and an empty log holds nothing', () => {
  const empty = roots[0]!
  assert.ok(
    !verifyConsistency({ oldSize: 0, oldRoot: empty, newSize: 5, newRoot: roots[5]!, proof: [] }, sha256),
  )
  assert.ok(!verifyConsistency({ oldSize: 0, oldRoot: empty, newSize: 0, newRoot: empty, proof: [] }, sha256))
  assert.throws(() => consistencyRanges(0, 5), RangeError)
  assert.throws(() => inclusionRanges(0, 0), RangeError)
  assert.throws(() => inclusionRanges(5, 5), RangeError)
  same(rootOfRange({ from: 0, leafHashes: [], size: 0, left: [], right: [] }, sha256), empty)
})

test('two node hashes joined are not a leaf: levels cannot be confused', () => {
  const asEntry = Buffer.concat([hashes[0]!, hashes[1]!])
  assert.ok(!equalBytes(leafHash(asEntry, sha256), MTH(entries.slice(0, 2))))
  // A "log" of one entry made of the two hashes does not have the root of the log of two entries.
  const claim = { index: 0, size: 1, leafHash: leafHash(asEntry, sha256), proof: [], root: roots[2]! }
  assert.ok(!verifyInclusion(claim, sha256))
})

test('every period of every log up to 20 entries is proved by its edges, and gives earlier heads', () => {
  for (let size = 0; size <= 20; size++) {
    for (let from = 0; from <= size; from++) {
      for (let to = from; to <= size; to++) {
        const claim = {
          from,
          leafHashes: hashes.slice(from, to),
          size,
          ...rangeEdges(from, to, size, subtrees),
        }
        same(rootOfRange(claim, sha256), roots[size]!)
        for (let earlier = 0; earlier <= 20; earlier++) {
          const root = rootWithinRange(claim, earlier, sha256)
          if (earlier < from || earlier > to) assert.equal(root, undefined)
          else same(root, roots[earlier]!)
        }
      }
    }
  }
})

test('a period with an entry left out, added, moved or changed has another root or none', () => {
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 70 }), fc.nat(), fc.nat(), fc.nat(), (size, a, b, pick) => {
      const from = a % size
      const to = from + 1 + (b % (size - from))
      const edges = rangeEdges(from, to, size, subtrees)
      const claim = { from, leafHashes: hashes.slice(from, to), size, ...edges }
      const refuses = (changed: Partial<RangeClaim>): void => {
        const root = rootOfRange({ ...claim, ...changed }, sha256)
        assert.ok(root === undefined || !equalBytes(root, roots[size]!))
      }
      for (const leafHashes of bent(claim.leafHashes, pick)) refuses({ leafHashes })
      for (const left of bent(edges.left, pick)) refuses({ left })
      for (const right of bent(edges.right, pick)) refuses({ right })
      for (const other of [from + 1, from - 1, -1, 0.5, Number.NaN])
        if (other !== from) refuses({ from: other })
      // A size whose edges have the same shape gives the same root; the checkpoint states which size it is.
      refuses({ size: to - 1 })
      refuses({ size: Number.NaN })
    }),
    runs(60),
  )
})

test('sizes beyond 32 bits work: a log of 2^40 + 3 equal entries', () => {
  // All leaves alike, so every subtree of a level has one hash and the whole log fits in 41 of them.
  const levels = [leafHash(Buffer.from('same'), sha256)]
  for (let level = 1; level <= 41; level++) {
    const below = levels[level - 1]!
    levels.push(sha(Buffer.of(1), below, below))
  }
  const tree = (level: number): Uint8Array => levels[level]!
  const size = 2 ** 40 + 3
  const root = rootOfRange(
    { from: size, leafHashes: [], size, left: rangeEdges(size, size, size, tree).left, right: [] },
    sha256,
  )!
  for (const index of [0, 2 ** 31, 2 ** 32 + 1, 2 ** 40 - 1, 2 ** 40, 2 ** 40 + 2]) {
    const proof = inclusionProof(index, size, tree, sha256)
    assert.ok(verifyInclusion({ index, size, leafHash: levels[0]!, proof, root }, sha256), `index ${index}`)
    const edges = rangeEdges(index, index + 1, size, tree)
    same(rootOfRange({ from: index, leafHashes: [levels[0]!], size, ...edges }, sha256), root)
  }
  for (const oldSize of [1, 3, 2 ** 31, 2 ** 32 + 5, 2 ** 40, 2 ** 40 + 1]) {
    const left = rangeEdges(oldSize, oldSize, oldSize, tree).left
    const oldRoot = rootOfRange({ from: oldSize, leafHashes: [], size: oldSize, left, right: [] }, sha256)!
    const proof = consistencyProof(oldSize, size, tree, sha256)
    assert.ok(
      verifyConsistency({ oldSize, oldRoot, newSize: size, newRoot: root, proof }, sha256),
      `from ${oldSize}`,
    )
  }
})
