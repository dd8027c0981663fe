/** node:crypto in the shape the ledger's rules take it, and the third-party data folder: for the tests of this area. */

import { createPrivateKey, createPublicKey, hash, sign, verify } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { verifierKeyOf } from './vkey.ts'
import type { SignatureType, SigningKey, VerifierKey } from './vkey.ts'

export const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(hash('sha256', bytes, 'buffer'))

// RFC 8410: what stands before the raw 32 bytes in the DER of an Ed25519 key.
const SPKI = Buffer.from('302a300506032b6570032100', 'hex')
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')

export function ed25519Verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' })
  return verify(null, message, key, signature)
}

const privateKeyOf = (seed: Uint8Array) =>
  createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' })

export const ed25519Sign = (seed: Uint8Array, message: Uint8Array): Uint8Array =>
  new Uint8Array(sign(null, message, privateKeyOf(seed)))

export const ed25519PublicKey = (seed: Uint8Array): Uint8Array =>
  new Uint8Array(
    createPublicKey(privateKeyOf(seed)).export({ format: 'der', type: 'spki' }).subarray(SPKI.length),
  )

/** A key pair from a word, so that a failing test fails again. */
export function keyPairOf(
  name: string,
  type: SignatureType,
  word: string = name,
): { signing: SigningKey; verifier: VerifierKey } {
  const seed = sha256(Buffer.from(`test key ${word} ${type}`))
  const verifier = verifierKeyOf(name, type, ed25519PublicKey(seed), sha256)
  return { signing: { name, id: verifier.id, type, seed }, verifier }
}

/** fast-check runs: modest by default, scaled by FORTNIGHT_RUNS. */
export const runs = (modest: number): { numRuns: number } => ({
  numRuns: Number(process.env['FORTNIGHT_RUNS'] ?? modest),
})

/** A folder of ../shared/data/vectors, or the reason to skip, which node:test prints. */
export function vectorsAt(...path: readonly string[]): { folder: string; skip: string | false } {
  const folder = join(import.meta.dirname, '../../../../../shared/data/vectors', ...path)
  return { folder, skip: existsSync(folder) ? false : `third-party vectors are not at ${folder}` }
}
