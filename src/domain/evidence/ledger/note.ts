/** Text signed by one or more keys, readable by people (C2SP signed-note v1.0.0). */

import { refuse } from '../../refusal.ts'
import type { Refusal } from '../../refusal.ts'
import { base64Of, bytesOfBase64 } from './base64.ts'
import { bytesOfHex, concatBytes, hexOf, numberOfUint64, uint64Of, utf8 } from './bytes.ts'
import { COSIGNATURE, isKeyName, SIGNATURE } from './vkey.ts'
import type { SigningKey, VerifierKey } from './vkey.ts'

export type Ed25519Verify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean
export type Ed25519Sign = (seed: Uint8Array, message: Uint8Array) => Uint8Array

export type NoteSignature = {
  readonly name: string
  /** 8 lower-case hexadecimal digits. */
  readonly keyId: string
  /** What follows the key id; its shape depends on the type of the key. */
  readonly signature: Uint8Array
}

export type Note = {
  /** Everything that is signed, the final newline included. */
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

/** One known key that did sign. */
export type VerifiedSignature = {
  readonly key: VerifierKey
  /** Epoch milliseconds stated by a cosigner; only cosignatures carry a time. */
  readonly cosignedAt?: number
}

/** The specification asks for at least 16; more than 100 is somebody trying something. */
export const MAX_NOTE_SIGNATURES = 100
export const MAX_NOTE_LENGTH = 1_000_000

/** Reads the form only; nothing of it may be believed before {@link verifyNote}. */
export function parseNote(note: string): Note | Refusal<'note-malformed'> {
  if (note.length > MAX_NOTE_LENGTH)
    return refuse('note-malformed', 'the note is longer than a million characters')
  // oxlint-disable-next-line no-control-regex -- the specification bans exactly these
  if (!note.isWellFormed() || /[\u0000-\u0009\u000b-\u001f]/.test(note))
    return refuse('note-malformed', 'the note holds control characters or broken text')
  const blank = note.lastIndexOf('\n\n')
  if (blank < 0 || !note.endsWith('\n')) return refuse('note-malformed', 'the note has no signatures')
  const lines = note.slice(blank + 2, -1).split('\n')
  if (lines.length > MAX_NOTE_SIGNATURES)
    return refuse('note-malformed', 'the note has more than 100 signatures')
  const signatures: NoteSignature[] = []
  for (const line of lines) {
    const signature = parseSignatureLine(line)
    if (signature === undefined)
      return refuse('note-malformed', 'a signature line of the note is not well formed')
    signatures.push(signature)
  }
  return { text: note.slice(0, blank + 1), signatures }
}

function parseSignatureLine(line: string): NoteSignature | undefined {
  const parts = /^\u2014 ([^ ]+) ([A-Za-z0-9+/]+=*)$/u.exec(line)
  if (parts === null) return undefined
  const [, name, base64] = parts as unknown as [string, string, string]
  const bytes = bytesOfBase64(base64)
  if (!isKeyName(name) || bytes === undefined || bytes.length < 5) return undefined
  return { name, keyId: hexOf(bytes.subarray(0, 4)), signature: bytes.slice(4) }
}

/** @throws TypeError when the text cannot be the text of a note */
export function formatNote({ text, signatures }: Note): string {
  const note = `${text}\n${signatures.map((signature) => formatSignature(signature)).join('')}`
  const parsed = parseNote(note)
  if ('refused' in parsed) throw new TypeError(parsed.detail)
  if (parsed.text !== text) throw new TypeError('the text of a note ends with one newline')
  return note
}

export function formatSignature({ name, keyId, signature }: NoteSignature): string {
  const id = bytesOfHex(keyId)
  if (id?.length !== 4) throw new TypeError('a key id has 8 hexadecimal digits')
  return `\u2014 ${name} ${base64Of(concatBytes([id, signature]))}\n`
}

/** A signature over the text itself (type 0x01). */
export function signNote(text: string, key: SigningKey, sign: Ed25519Sign): NoteSignature {
  if (key.type !== SIGNATURE) throw new TypeError('this key is for cosignatures')
  return { name: key.name, keyId: key.id, signature: sign(key.seed, utf8(text)) }
}

/** A witness's statement that at this time it had seen this head and none larger (type 0x04). */
export function cosignNote(
  text: string,
  cosignedAt: number,
  key: SigningKey,
  sign: Ed25519Sign,
): NoteSignature {
  if (key.type !== COSIGNATURE) throw new TypeError('this key is not for cosignatures')
  const seconds = Math.floor(cosignedAt / 1000)
  const signature = sign(key.seed, cosignedMessage(text, seconds))
  return { name: key.name, keyId: key.id, signature: concatBytes([uint64Of(seconds), signature]) }
}

const cosignedMessage = (text: string, seconds: number): Uint8Array =>
  utf8(`cosignature/v1\ntime ${seconds}\n${text}`)

/**
 * Which of the known keys signed. Unknown signatures are ignored; a bad signature of a known key, even beside a good
 * one, rejects the note, and so do two known keys that cannot be told apart.
 */
export function verifyNote(
  note: Note,
  keys: readonly VerifierKey[],
  verify: Ed25519Verify,
): readonly VerifiedSignature[] | Refusal<'signature-bad' | 'key-ambiguous'> {
  const verified: VerifiedSignature[] = []
  for (const signature of note.signatures) {
    const known = keys.filter(({ name, id }) => name === signature.name && id === signature.keyId)
    const [key, ...others] = known
    if (key === undefined) continue
    if (others.some((other) => hexOf(other.publicKey) !== hexOf(key.publicKey) || other.type !== key.type))
      return refuse('key-ambiguous', `two known keys share the name ${key.name} and id ${key.id}`)
    const good = verifySignature(note.text, signature.signature, key, verify)
    if (good === undefined)
      return refuse('signature-bad', `the signature of ${key.name} (${key.id}) does not fit the text`)
    if (!verified.some((earlier) => earlier.key.name === key.name && earlier.key.id === key.id))
      verified.push(good)
  }
  return verified
}

function verifySignature(
  text: string,
  signature: Uint8Array,
  key: VerifierKey,
  verify: Ed25519Verify,
): VerifiedSignature | undefined {
  switch (key.type) {
    case SIGNATURE:
      return signature.length === 64 && verify(key.publicKey, utf8(text), signature) ? { key } : undefined
    case COSIGNATURE: {
      const seconds = numberOfUint64(signature.subarray(0, 8))
      if (signature.length !== 72 || seconds === undefined || seconds > 8.64e12) return undefined
      const good = verify(key.publicKey, cosignedMessage(text, seconds), signature.subarray(8))
      return good ? { key, cosignedAt: seconds * 1000 } : undefined
    }
  }
}
