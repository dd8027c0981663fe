/** The three hashes of a Merkle log (RFC 6962 section 2.1); their prefixes keep a leaf from passing for a node. */

import type { Sha256 } from './bytes.ts'

const LEAF_PREFIX = 0x00
const NODE_PREFIX = 0x01

export const emptyRoot = (sha256: Sha256): Uint8Array => sha256(new Uint8Array(0))

/** SHA-256(0x00 || leaf) */
export function leafHash(leaf: Uint8Array, sha256: Sha256): Uint8Array {
  const bytes = new Uint8Array(leaf.length + 1)
  bytes[0] = LEAF_PREFIX
  bytes.set(leaf, 1)
  return sha256(bytes)
}

/** SHA-256(0x01 || left || right) */
export function nodeHash(left: Uint8Array, right: Uint8Array, sha256: Sha256): Uint8Array {
  const bytes = new Uint8Array(left.length + right.length + 1)
  bytes[0] = NODE_PREFIX
  bytes.set(left, 1)
  bytes.set(right, left.length + 1)
  return sha256(bytes)
}
