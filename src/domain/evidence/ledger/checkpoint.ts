/** A log's head as three lines of text (C2SP tlog-checkpoint): what is signed, mailed, witnessed and held against us. */

import { isRefusal, refuse } from '../../refusal.ts'
import type { Refusal } from '../../refusal.ts'
import { base64Of, bytesOfBase64 } from './base64.ts'
import { HASH_BYTES } from './bytes.ts'
import { parseNote, verifyNote } from './note.ts'
import type { Ed25519Verify, Note, VerifiedSignature } from './note.ts'
import { isSize } from './subtrees.ts'
import type { VerifierKey } from './vkey.ts'

export type Checkpoint = {
  /** Opaque name of the log, for example `fortnight.example.org/l/<uuid>`; never a customer's name. */
  readonly origin: string
  readonly size: number
  readonly root: Uint8Array
}

/** @throws TypeError for an origin that is empty or spans lines, a root that has not 32 bytes */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  const text = `${checkpoint.origin}\n${checkpoint.size}\n${base64Of(checkpoint.root)}\n`
  if (parseCheckpoint(text) === undefined) throw new TypeError('not a checkpoint')
  return text
}

/** Extension lines are refused: nobody can audit them. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const lines = text.split('\n')
  if (lines.length !== 4 || lines[3] !== '') return undefined
  const [origin, decimal, base64] = lines as [string, string, string, string]
  const root = bytesOfBase64(base64)
  const size = /^(?:0|[1-9][0-9]{0,15})$/.test(decimal) ? Number(decimal) : -1
  // oxlint-disable-next-line no-control-regex -- an origin is one line of visible text
  if (origin === '' || !origin.isWellFormed() || /[\u0000-\u001f]/.test(origin)) return undefined
  return isSize(size) && root?.length === HASH_BYTES ? { origin, size, root } : undefined
}

export type SignedCheckpoint = Checkpoint & { readonly note: Note }

/** Reads the form only; see {@link verifyCheckpoint}. */
export function parseSignedCheckpoint(
  noteText: string,
): SignedCheckpoint | Refusal<'note-malformed' | 'checkpoint-malformed'> {
  const note = parseNote(noteText)
  if (isRefusal(note)) return note
  const checkpoint = parseCheckpoint(note.text)
  if (checkpoint === undefined) return refuse('checkpoint-malformed', 'the signed text is not a checkpoint')
  return { ...checkpoint, note }
}

export type VerifiedCheckpoint = SignedCheckpoint & { readonly signatures: readonly VerifiedSignature[] }

/**
 * A checkpoint of the log called `origin`, and which of the keys signed it: possibly none, which the caller has to
 * judge. A checkpoint of another log, and one with a bad signature of a known key, are refused.
 */
export function verifyCheckpoint(
  noteText: string,
  origin: string,
  keys: readonly VerifierKey[],
  verify: Ed25519Verify,
): VerifiedCheckpoint | Refusal {
  const checkpoint = parseSignedCheckpoint(noteText)
  if (isRefusal(checkpoint)) return checkpoint
  if (checkpoint.origin !== origin) return refuse('origin-wrong', 'the checkpoint belongs to another log')
  const signatures = verifyNote(checkpoint.note, keys, verify)
  return isRefusal(signatures) ? signatures : { ...checkpoint, signatures }
}
