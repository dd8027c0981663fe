/** The least one must remember of a log to append to it and to know its root: the roots of its perfect subtrees. */

import { concatBytes, HASH_BYTES, numberOfUint64, uint64Of } from './bytes.ts'
import type { Sha256 } from './bytes.ts'
import { emptyRoot, nodeHash } from './rfc6962.ts'
import { foldRight, isSize, subtreesOf } from './subtrees.ts'
import type { SubtreeId } from './subtrees.ts'

/** A compact range from leaf 0: one hash for each one-bit of `size`, the largest subtree first. */
export type Frontier = { readonly size: number; readonly hashes: readonly Uint8Array[] }

export type CompletedSubtree = SubtreeId & { readonly hash: Uint8Array }

export const emptyFrontier: Frontier = { size: 0, hashes: [] }

/** The tree head of all leaves so far; SHA-256 of nothing for an empty log. */
export const frontierRoot = (frontier: Frontier, sha256: Sha256): Uint8Array =>
  frontier.size === 0 ? emptyRoot(sha256) : foldRight(frontier.hashes, sha256)

export const appendLeafHash = (frontier: Frontier, hash: Uint8Array, sha256: Sha256): Frontier =>
  appendLeafHashes(frontier, [hash], sha256).frontier

/**
 * @returns the new frontier, and every perfect subtree above the leaves that became complete, in order: what a tile
 *   store has to write.
 */
export function appendLeafHashes(
  frontier: Frontier,
  leafHashes: readonly Uint8Array[],
  sha256: Sha256,
): { readonly frontier: Frontier; readonly completed: readonly CompletedSubtree[] } {
  const hashes = [...frontier.hashes]
  const completed: CompletedSubtree[] = []
  let size = frontier.size
  for (const leaf of leafHashes) {
    let hash = leaf
    let index = size
    // Like adding one in binary: every trailing one-bit is a subtree of equal size waiting at the left.
    for (let level = 1; index % 2 === 1; level++) {
      index = (index - 1) / 2
      hash = nodeHash(hashes.pop()!, hash, sha256)
      completed.push({ level, index, hash })
    }
    hashes.push(hash)
    size++
  }
  return { frontier: { size, hashes }, completed }
}

/** 8 bytes of size, big-endian, then the hashes: what a head row keeps. */
export const encodeFrontier = ({ size, hashes }: Frontier): Uint8Array =>
  concatBytes([uint64Of(size), ...hashes])

/** Undefined unless there are exactly the hashes a log of that size has. */
export function decodeFrontier(bytes: Uint8Array): Frontier | undefined {
  const size = numberOfUint64(bytes.subarray(0, 8))
  if (size === undefined || !isSize(size)) return undefined
  const count = subtreesOf({ from: 0, to: size }).length
  if (bytes.length !== 8 + count * HASH_BYTES) return undefined
  const hashes = Array.from({ length: count }, (_, i) =>
    bytes.slice(8 + i * HASH_BYTES, 8 + (i + 1) * HASH_BYTES),
  )
  return { size, hashes }
}
