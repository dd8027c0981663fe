/** Lists of hashes as base64 text: how proofs and edges travel in a pack. */

import { base64Of, bytesOfBase64, HASH_BYTES } from '../ledger/index.ts'

/** Undefined unless every element is the base64 of 32 bytes. */
export function bytesOfBase64List(value: unknown): readonly Uint8Array[] | undefined {
  if (!Array.isArray(value)) return undefined
  const hashes: Uint8Array[] = []
  for (const text of value as readonly unknown[]) {
    const hash = typeof text === 'string' ? bytesOfBase64(text) : undefined
    if (hash?.length !== HASH_BYTES) return undefined
    hashes.push(hash)
  }
  return hashes
}

export const base64ListOf = (hashes: readonly Uint8Array[]): readonly string[] =>
  hashes.map((hash) => base64Of(hash))
