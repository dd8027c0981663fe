/**
 * Proof that leaves [from, to) are the whole population between two places of a log, while what lies outside stays
 * private: the compact ranges of both sides stand in for it.
 */

import { HASH_BYTES } from './bytes.ts'
import type { Sha256 } from './bytes.ts'
import { appendLeafHashes, frontierRoot } from './frontier.ts'
import type { Frontier } from './frontier.ts'
import { emptyRoot, nodeHash } from './rfc6962.ts'
import { foldRight, isSize, subtreesOf } from './subtrees.ts'
import type { SubtreeHashes, SubtreeId } from './subtrees.ts'

export type RangeEdges = {
  /** Hashes of `subtreesOf({ from: 0, to: from })`, left to right. */
  readonly left: readonly Uint8Array[]
  /** Hashes of `subtreesOf({ from: to, to: size })`, left to right. */
  readonly right: readonly Uint8Array[]
}

export type RangeClaim = RangeEdges & {
  readonly from: number
  /** Hashes of the leaves [from, from + leafHashes.length). */
  readonly leafHashes: readonly Uint8Array[]
  readonly size: number
}

/** @throws RangeError unless 0 <= from <= to <= size */
export function rangeEdges(from: number, to: number, size: number, hashes: SubtreeHashes): RangeEdges {
  if (![from, to, size].every(isSize) || from > to || to > size)
    throw new RangeError('the range is not in the log')
  const hashOf = ({ level, index }: SubtreeId): Uint8Array => hashes(level, index)
  return {
    left: subtreesOf({ from: 0, to: from }).map(hashOf),
    right: subtreesOf({ from: to, to: size }).map(hashOf),
  }
}

/**
 * The root of the whole log that the edges and the leaves lead to, to be compared with a signed one; undefined when
 * there is a hash too many or too few, or one of a wrong length.
 */
export function rootOfRange(claim: RangeClaim, sha256: Sha256): Uint8Array | undefined {
  const { from, leafHashes, size } = claim
  const to = from + leafHashes.length
  if (![from, to, size].every(isSize) || to > size) return undefined
  if ([...claim.left, ...leafHashes, ...claim.right].some((hash) => hash.length !== HASH_BYTES))
    return undefined
  const leftIds = subtreesOf({ from: 0, to: from })
  const rightIds = subtreesOf({ from: to, to: size })
  if (claim.left.length !== leftIds.length || claim.right.length !== rightIds.length) return undefined
  if (size === 0) return emptyRoot(sha256)
  const grown = appendLeafHashes({ size: from, hashes: claim.left }, leafHashes, sha256).frontier
  return foldRight(joinRight(grown, rightIds, claim.right, sha256), sha256)
}

/**
 * The root of the log when it had `size` entries, for from <= size <= from + leafHashes.length: lets a reader compare
 * a head they kept with what they were given. Undefined outside, or when the left edge has a wrong shape.
 */
export function rootWithinRange(claim: RangeClaim, size: number, sha256: Sha256): Uint8Array | undefined {
  const kept = size - claim.from
  if (!isSize(size) || kept < 0 || kept > claim.leafHashes.length) return undefined
  if (claim.left.length !== subtreesOf({ from: 0, to: claim.from }).length) return undefined
  const left: Frontier = { size: claim.from, hashes: claim.left }
  return frontierRoot(appendLeafHashes(left, claim.leafHashes.slice(0, kept), sha256).frontier, sha256)
}

/**
 * Puts whole subtrees to the right of a frontier, merging equal neighbours, until it is the frontier of all. Neighbours
 * of one level are always siblings: were the right one a left child, the frontier would end in a larger subtree.
 */
function joinRight(
  frontier: Frontier,
  ids: readonly SubtreeId[],
  hashes: readonly Uint8Array[],
  sha256: Sha256,
): readonly Uint8Array[] {
  const stack = subtreesOf({ from: 0, to: frontier.size }).map((id, i) => ({
    ...id,
    hash: frontier.hashes[i]!,
  }))
  for (const [i, id] of ids.entries()) {
    let node = { ...id, hash: hashes[i]! }
    for (let below = stack.at(-1); below !== undefined; below = stack.at(-1)) {
      if (below.level !== node.level) break
      stack.pop()
      node = {
        level: node.level + 1,
        index: (node.index - 1) / 2,
        hash: nodeHash(below.hash, node.hash, sha256),
      }
    }
    stack.push(node)
  }
  return stack.map(({ hash }) => hash)
}
