/** Where things stand in a Merkle log: perfect subtrees by level and index, and how ranges of leaves fall into them. */

import { nodeHash } from './rfc6962.ts'
import type { Sha256 } from './bytes.ts'

/** The perfect subtree over leaves [index * 2^level, (index + 1) * 2^level). Its hash never changes once complete. */
export type SubtreeId = { readonly level: number; readonly index: number }

/** Leaves [from, to). */
export type LeafRange = { readonly from: number; readonly to: number }

/** Finds the hash of a complete perfect subtree; absent ones are the caller's fault and throw. */
export type SubtreeHashes = (level: number, index: number) => Uint8Array

/** Sizes and indexes are safe integers; 2^53-1 entries at 5,000 a second last 57,000 years. */
export const isSize = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0

/** The largest power of two below `size` (size >= 2): where RFC 6962 splits a tree. */
export function splitOf(size: number): number {
  let power = 1
  while (power * 2 < size) power *= 2
  return power
}

/**
 * The perfect subtrees that make up [from, to), left to right: each the largest that is aligned and fits.
 * At most 2 * 53 of them. For from = 0 this is the compact range ("frontier") of a tree of size `to`.
 */
export function subtreesOf({ from, to }: LeafRange): readonly SubtreeId[] {
  const subtrees: SubtreeId[] = []
  let at = from
  while (at < to) {
    let level = 0
    let width = 1
    while (at % (width * 2) === 0 && at + width * 2 <= to) {
      width *= 2
      level++
    }
    subtrees.push({ level, index: at / width })
    at += width
  }
  return subtrees
}

/**
 * MTH(D[from:to]) of RFC 6962, for the ranges that proofs name: those that start where a subtree of their size may
 * start, so that only their right edge is ragged.
 */
export function rangeHash(range: LeafRange, hashes: SubtreeHashes, sha256: Sha256): Uint8Array {
  const parts = subtreesOf(range).map(({ level, index }) => hashes(level, index))
  return foldRight(parts, sha256)
}

/** Joins subtrees of falling size into one root: the smallest two first. */
export function foldRight(parts: readonly Uint8Array[], sha256: Sha256): Uint8Array {
  let root = parts.at(-1)
  if (root === undefined) throw new RangeError('no subtrees to join')
  for (let i = parts.length - 2; i >= 0; i--) root = nodeHash(parts[i]!, root, sha256)
  return root
}

/** All subtrees of a log held in memory, built level by level: for small logs, packs and tests. */
export function subtreeHashesOf(leafHashes: readonly Uint8Array[], sha256: Sha256): SubtreeHashes {
  const levels: (readonly Uint8Array[])[] = [leafHashes]
  for (let below = leafHashes; below.length > 1;) {
    const level: Uint8Array[] = []
    for (let i = 0; i + 1 < below.length; i += 2) level.push(nodeHash(below[i]!, below[i + 1]!, sha256))
    levels.push(level)
    below = level
  }
  return (level, index) => {
    const hash = levels[level]?.[index]
    if (hash === undefined) throw new RangeError(`the log has no complete subtree ${level}/${index}`)
    return hash
  }
}
