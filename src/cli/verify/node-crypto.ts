/** SHA-256 and Ed25519 from Node's own library, in the shape the ledger's rules ask for; runs on Node 20 and later. */

import { createHash, createPublicKey, verify } from 'node:crypto'
import type { PackCrypto } from '../../domain/evidence/audit-packs/index.ts'

/** RFC 8410: what stands before the raw 32 bytes in the DER of an Ed25519 public key. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

function ed25519Verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    const der = Buffer.concat([SPKI_PREFIX, publicKey])
    return verify(null, message, createPublicKey({ key: der, format: 'der', type: 'spki' }), signature)
  } catch {
    // A key that is no point of the curve has signed nothing.
    return false
  }
}

export const nodeCrypto: PackCrypto = {
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
  ed25519Verify,
}
