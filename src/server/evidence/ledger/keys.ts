/** The ledger's signing key under the names it signs with: each log's origin for checkpoints, one name for packs. */
import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import {
  formatNote,
  SIGNATURE,
  signNote,
  verifierKeyOf,
  type NoteSignature,
  type VerifierKey,
} from '../../../domain/evidence/ledger/index.ts'
import type { Platform } from '../../platform/context.ts'
import { sha256 } from '../../platform/evidence-outbox.ts'

export type LedgerSigner = {
  /** A whole note: the text, and our signature under this name. */
  readonly sign: (name: string, text: string) => string
  readonly signatureOf: (name: string, text: string) => NoteSignature
  readonly verifierOf: (name: string) => VerifierKey
  /** Raw, 32 bytes. */
  readonly publicKey: Uint8Array
}

/** A key by the name it signs with. */
export const verifierFor = (publicKey: Uint8Array, name: string): VerifierKey =>
  verifierKeyOf(name, SIGNATURE, publicKey, sha256)

/** What stands before the raw 32 bytes in the DER of an Ed25519 public key (RFC 8410). */
const SPKI_PREFIX_BYTES = 12

export const rawPublicKey = (key: KeyObject): Uint8Array =>
  new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX_BYTES))

const NO_SEED = new Uint8Array(32)

/** Undefined in a process that was not given the key: it neither sequences nor makes packs. */
export const ledgerSigner = ({
  secrets,
}: {
  readonly secrets: Pick<Platform['secrets'], 'ledgerKey'>
}): LedgerSigner | undefined => {
  const { ledgerKey } = secrets
  if (!ledgerKey) return undefined
  const publicKey = rawPublicKey(ledgerKey)
  const verifierOf = (name: string): VerifierKey => verifierFor(publicKey, name)
  const signatureOf = (name: string, text: string): NoteSignature => {
    // The key stays inside its object (an HSM's would): the seed that the rules pass along is not used.
    const key = { name, id: verifierOf(name).id, type: SIGNATURE, seed: NO_SEED } as const
    return signNote(text, key, (_seed, message) => new Uint8Array(sign(null, message, ledgerKey)))
  }
  return {
    verifierOf,
    publicKey,
    signatureOf,
    sign: (name, text) => formatNote({ text, signatures: [signatureOf(name, text)] }),
  }
}

const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

export const ed25519Verify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean => {
  try {
    const der = Buffer.concat([SPKI_PREFIX, publicKey])
    return verify(null, message, createPublicKey({ key: der, format: 'der', type: 'spki' }), signature)
  } catch {
    // A key that is no point of the curve has signed nothing.
    return false
  }
}

/** The name under which packs are signed, from the organisation log's origin: `fortnight.example.org/packs`. */
export const packKeyName = (origin: string): string => origin.replace(/\/l\/[^/]*$/, '/packs')
