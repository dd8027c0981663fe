/** Proof that a log only grew: every entry of the older head stands where it stood (RFC 6962 section 2.1.2). */

import { equalBytes, HASH_BYTES } from './bytes.ts'
import type { Sha256 } from './bytes.ts'
import { nodeHash } from './rfc6962.ts'
import { isSize, rangeHash, splitOf } from './subtrees.ts'
import type { LeafRange, SubtreeHashes } from './subtrees.ts'

/**
 * The ranges whose hashes are the proof, in the order of RFC 6962; none for equal sizes.
 *
 * @throws RangeError unless 0 < oldSize <= newSize: from an empty log there is nothing to prove
 */
export function consistencyRanges(oldSize: number, newSize: number): readonly LeafRange[] {
  if (!isSize(oldSize) || !isSize(newSize) || oldSize < 1 || oldSize > newSize)
    throw new RangeError('a consistency proof leads from a log with entries to one not smaller')
  const ranges: LeafRange[] = []
  let from = 0
  let to = newSize
  // The boundary stays inside [from, to); once it meets the right edge, that subtree is whole in the older head.
  while (oldSize < to) {
    const middle = from + splitOf(to - from)
    if (oldSize <= middle) {
      ranges.push({ from: middle, to })
      to = middle
    } else {
      ranges.push({ from, to: middle })
      from = middle
    }
  }
  // The subtree that both heads share; a verifier who holds the older head knows it when it is the whole of it.
  if (from !== 0) ranges.push({ from, to })
  return ranges.reverse()
}

export const consistencyProof = (
  oldSize: number,
  newSize: number,
  hashes: SubtreeHashes,
  sha256: Sha256,
): readonly Uint8Array[] =>
  consistencyRanges(oldSize, newSize).map((range) => rangeHash(range, hashes, sha256))

export type ConsistencyClaim = {
  readonly oldSize: number
  readonly oldRoot: Uint8Array
  readonly newSize: number
  readonly newRoot: Uint8Array
  readonly proof: readonly Uint8Array[]
}

/**
 * RFC 9162 section 2.1.4.2. A proof from size 0 is refused, even an empty one: any log extends the empty log, so
 * such a "proof" would vouch for arbitrary roots. Who starts from nothing has nothing to ask here.
 */
export function verifyConsistency(claim: ConsistencyClaim, sha256: Sha256): boolean {
  const { oldSize, oldRoot, newSize, newRoot, proof } = claim
  if (!isSize(oldSize) || !isSize(newSize) || oldSize < 1 || oldSize > newSize) return false
  if ([oldRoot, newRoot, ...proof].some((hash) => hash.length !== HASH_BYTES)) return false
  if (oldSize === newSize) return proof.length === 0 && equalBytes(oldRoot, newRoot)
  let here = oldSize - 1
  let last = newSize - 1
  while (here % 2 === 1) {
    here = (here - 1) / 2
    last = Math.floor(last / 2)
  }
  // An older head that is one perfect subtree starts the walk itself.
  const [first, ...rest] = here === 0 ? [oldRoot, ...proof] : proof
  if (first === undefined) return false
  let older = first
  let newer = first
  for (const hash of rest) {
    if (last === 0) return false
    if (here % 2 === 1 || here === last) {
      older = nodeHash(hash, older, sha256)
      newer = nodeHash(hash, newer, sha256)
      while (here % 2 === 0 && here !== 0) {
        here /= 2
        last = Math.floor(last / 2)
      }
    } else {
      newer = nodeHash(newer, hash, sha256)
    }
    here = Math.floor(here / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && equalBytes(older, oldRoot) && equalBytes(newer, newRoot)
}
