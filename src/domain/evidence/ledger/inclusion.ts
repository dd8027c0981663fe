/** Proof that one entry stands at one place of a log (RFC 6962 section 2.1.1, verified as RFC 9162 section 2.1.3.2). */

import { equalBytes, HASH_BYTES } from './bytes.ts'
import type { Sha256 } from './bytes.ts'
import { nodeHash } from './rfc6962.ts'
import { isSize, rangeHash, splitOf } from './subtrees.ts'
import type { LeafRange, SubtreeHashes } from './subtrees.ts'

/**
 * The sibling ranges whose hashes are the proof, from the leaf upwards. `subtreesOf` says which stored hashes a
 * range needs, so that a store can fetch them before.
 *
 * @throws RangeError unless 0 <= index < size
 */
export function inclusionRanges(index: number, size: number): readonly LeafRange[] {
  if (!isSize(size) || !isSize(index) || index >= size) throw new RangeError('the index is not in the log')
  const ranges: LeafRange[] = []
  let from = 0
  let to = size
  while (to - from > 1) {
    const middle = from + splitOf(to - from)
    if (index < middle) {
      ranges.push({ from: middle, to })
      to = middle
    } else {
      ranges.push({ from, to: middle })
      from = middle
    }
  }
  return ranges.reverse()
}

export const inclusionProof = (
  index: number,
  size: number,
  hashes: SubtreeHashes,
  sha256: Sha256,
): readonly Uint8Array[] => inclusionRanges(index, size).map((range) => rangeHash(range, hashes, sha256))

export type InclusionClaim = {
  readonly index: number
  readonly size: number
  readonly leafHash: Uint8Array
  readonly proof: readonly Uint8Array[]
  readonly root: Uint8Array
}

/** True only for exactly as many hashes as the place needs, each of 32 bytes, leading to the root. */
export function verifyInclusion(claim: InclusionClaim, sha256: Sha256): boolean {
  const { index, size, proof, root } = claim
  if (!isSize(index) || !isSize(size) || index >= size) return false
  if (claim.leafHash.length !== HASH_BYTES || proof.some((hash) => hash.length !== HASH_BYTES)) return false
  // Where we stand, and the last node of that level; halved step by step (no bit operators: they stop at 2^31).
  let here = index
  let last = size - 1
  let hash = claim.leafHash
  for (const sibling of proof) {
    if (last === 0) return false
    if (here % 2 === 1 || here === last) {
      hash = nodeHash(sibling, hash, sha256)
      while (here % 2 === 0 && here !== 0) {
        here /= 2
        last = Math.floor(last / 2)
      }
    } else {
      hash = nodeHash(hash, sibling, sha256)
    }
    here = Math.floor(here / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && equalBytes(hash, root)
}
