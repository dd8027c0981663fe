/** The ledger's key hands over to the next one: a statement that both sign, so that neither a thief of the one nor the maker of the other can make it alone. */

import { isRefusal, refuse } from '../../refusal.ts'
import type { Refusal } from '../../refusal.ts'
import { base64Of, bytesOfBase64 } from './base64.ts'
import { equalBytes } from './bytes.ts'
import type { Sha256 } from './bytes.ts'
import { parseNote, verifyNote } from './note.ts'
import type { Ed25519Verify } from './note.ts'
import { isTimestamp } from './timestamp.ts'
import { SIGNATURE, verifierKeyOf } from './vkey.ts'

/** The name under which a key signs a statement about itself, whatever logs it signs for. */
export const ROTATION_KEY_NAME = 'fortnight/ledger-key'
const FIRST_LINE = 'fortnight/key-rotation/v1'

export type KeyRotation = {
  /** Raw Ed25519 public keys, 32 bytes each. */
  readonly old: Uint8Array
  readonly next: Uint8Array
  readonly at: string
}

/** What both keys sign. */
export const rotationText = ({ old, next, at }: KeyRotation): string =>
  `${FIRST_LINE}\n${base64Of(old)}\n${base64Of(next)}\n${at}\n`

/** @returns the rotation when both keys signed exactly this statement */
export function verifyRotation(
  statement: string,
  sha256: Sha256,
  verify: Ed25519Verify,
): KeyRotation | Refusal<'rotation-malformed'> {
  const malformed = (detail: string) => refuse('rotation-malformed', detail)
  const note = parseNote(statement)
  if (isRefusal(note)) return malformed(note.detail)
  const lines = note.text.split('\n')
  const [first, oldText, nextText, at] = lines as [string, string?, string?, string?]
  const old = bytesOfBase64(oldText ?? '')
  const next = bytesOfBase64(nextText ?? '')
  if (lines.length !== 5 || lines[4] !== '' || first !== FIRST_LINE || !isTimestamp(at))
    return malformed('the statement is not a key rotation')
  if (old?.length !== 32 || next?.length !== 32 || equalBytes(old, next))
    return malformed('a rotation leads from one Ed25519 key to another')
  const keys = [old, next].map((key) => verifierKeyOf(ROTATION_KEY_NAME, SIGNATURE, key, sha256))
  const signed = verifyNote(note, keys, verify)
  if (isRefusal(signed)) return malformed(signed.detail)
  if (!keys.every((key) => signed.some((one) => one.key === key)))
    return malformed('both keys have to sign the rotation')
  return { old, next, at }
}
