/** Names for keys that people can paste: C2SP signed-note verifier keys, and the Go note library's form of signing keys. */

import { refuse } from '../../refusal.ts'
import type { Refusal } from '../../refusal.ts'
import { base64Of, bytesOfBase64 } from './base64.ts'
import { concatBytes, hexOf, utf8 } from './bytes.ts'
import type { Sha256 } from './bytes.ts'

/** Ed25519 over a note's text, and Ed25519 with a time over a checkpoint (C2SP tlog-cosignature). */
export const SIGNATURE = 0x01
export const COSIGNATURE = 0x04

export type SignatureType = typeof SIGNATURE | typeof COSIGNATURE

/** Who may have signed: the name and the id together mean the key. */
export type VerifierKey = {
  readonly name: string
  /** 8 lower-case hexadecimal digits. */
  readonly id: string
  readonly type: SignatureType
  /** 32 bytes, RFC 8032. */
  readonly publicKey: Uint8Array
}

export type SigningKey = {
  readonly name: string
  readonly id: string
  readonly type: SignatureType
  /** 32 bytes, RFC 8032; secret. */
  readonly seed: Uint8Array
}

/** Unicode white space and + would make a name end early in a note or a key. */
export const isKeyName = (name: string): boolean =>
  name.length > 0 && name.length <= 255 && name.isWellFormed() && !/[\s+\p{White_Space}\p{Cc}]/u.test(name)

/** SHA-256(name || newline || type || public key), the first four bytes. */
export const keyIdOf = (name: string, type: SignatureType, publicKey: Uint8Array, sha256: Sha256): string =>
  hexOf(sha256(concatBytes([utf8(`${name}\n`), Uint8Array.of(type), publicKey])).subarray(0, 4))

/** @throws TypeError for a name no note can carry, or a key that has not 32 bytes */
export function verifierKeyOf(
  name: string,
  type: SignatureType,
  publicKey: Uint8Array,
  sha256: Sha256,
): VerifierKey {
  if (!isKeyName(name)) throw new TypeError('a key name is text without white space and +')
  if (publicKey.length !== 32) throw new TypeError('an Ed25519 public key has 32 bytes')
  return { name, id: keyIdOf(name, type, publicKey, sha256), type, publicKey }
}

/** `name+id+base64(type || public key)` */
export const formatVkey = ({ name, id, type, publicKey }: VerifierKey): string =>
  `${name}+${id}+${base64Of(concatBytes([Uint8Array.of(type), publicKey]))}`

/** `PRIVATE+KEY+name+id+base64(type || seed)`: a secret, readable by the sequencer only. */
export const formatSkey = ({ name, id, type, seed }: SigningKey): string =>
  `PRIVATE+KEY+${name}+${id}+${base64Of(concatBytes([Uint8Array.of(type), seed]))}`

type Parts = { name: string; id: string; type: SignatureType; key: Uint8Array }

export function parseVkey(text: string, sha256: Sha256): VerifierKey | Refusal<'key-malformed'> {
  const parts = partsOf(text)
  if (parts === undefined)
    return refuse('key-malformed', 'a verifier key reads name+id+base64 of an Ed25519 key')
  const { name, id, type, key } = parts
  if (keyIdOf(name, type, key, sha256) !== id)
    return refuse('key-malformed', 'the id of the verifier key does not belong to its name and key')
  return { name, id, type, publicKey: key }
}

/** @param publicKeyOf the Ed25519 public key of a seed, to check the id */
export function parseSkey(
  text: string,
  publicKeyOf: (seed: Uint8Array) => Uint8Array,
  sha256: Sha256,
): SigningKey | Refusal<'key-malformed'> {
  const prefix = 'PRIVATE+KEY+'
  const parts = text.startsWith(prefix) ? partsOf(text.slice(prefix.length)) : undefined
  if (parts === undefined) return refuse('key-malformed', 'a signing key reads PRIVATE+KEY+name+id+base64')
  const { name, id, type, key } = parts
  if (keyIdOf(name, type, publicKeyOf(key), sha256) !== id)
    return refuse('key-malformed', 'the id of the signing key does not belong to its name and key')
  return { name, id, type, seed: key }
}

/** Base64 may hold +, the name and the id may not: cut at the first two. */
function partsOf(text: string): Parts | undefined {
  const first = text.indexOf('+')
  const second = text.indexOf('+', first + 1)
  if (first < 0 || second < 0) return undefined
  const name = text.slice(0, first)
  const id = text.slice(first + 1, second)
  const bytes = bytesOfBase64(text.slice(second + 1))
  if (!isKeyName(name) || !/^[0-9a-f]{8}$/.test(id) || bytes?.length !== 33) return undefined
  const type = bytes[0]
  if (type !== SIGNATURE && type !== COSIGNATURE) return undefined
  return { name, id, type, key: bytes.slice(1) }
}
