/** Signed heads of other logs, sizes, times and histories. */

import {
  checkpointNote,
  logKey,
  ORIGIN,
} from '../../../src/domain/evidence/audit-packs/log-for-tests.test.ts'
import { ed25519Sign, keyPairOf, sha256 } from '../../../src/domain/evidence/ledger/crypto-for-tests.test.ts'
import {
  base64Of,
  bytesOfBase64,
  formatCheckpoint,
  formatNote,
  parseSignedCheckpoint,
  SIGNATURE,
  signNote,
  utf8,
} from '../../../src/domain/evidence/ledger/index.ts'
import { story, path, editLines, insider, flipped, retellWithEdit } from './trial.ts'
import type { Trial } from './trial.ts'

export function headAttacks(): readonly Trial[] {
  const end = checkpointNote(story.log, story.cut.end)
  const checkpoint = parseSignedCheckpoint(end)
  if ('refused' in checkpoint) throw new Error(checkpoint.detail)
  const { note, size, root } = checkpoint
  const signedBy = (origin: string, key = logKey.signing): string => {
    const body = formatCheckpoint({ origin, size, root })
    return formatNote({
      text: body,
      signatures: [signNote(body, key, ed25519Sign), ...note.signatures.slice(1)],
    })
  }
  const bad = { ...note.signatures[0]!, signature: flipped(note.signatures[0]!.signature, 40) }
  const stranger = keyPairOf('stranger.example', SIGNATURE)
  const elsewhere = keyPairOf(ORIGIN, SIGNATURE)
  const sameName = { ...elsewhere.signing, seed: sha256(utf8('another seed')), id: '00112233' }
  return [
    insider('the head of another log, signed by the same key', 1, {
      [path.end]: utf8(signedBy('fortnight.example/l/other')),
    }),
    insider('a bad signature of a known key beside a good one', 1, {
      [path.end]: utf8(formatNote({ text: note.text, signatures: [...note.signatures, bad] })),
    }),
    insider('a cosignature moved to another time', 1, {
      [path.end]: utf8(
        formatNote({
          text: note.text,
          signatures: note.signatures.map((one, i) =>
            i === 1 ? { ...one, signature: flipped(one.signature, 7) } : one,
          ),
        }),
      ),
    }),
    insider('a head signed by a stranger only', 2, {
      [path.end]: utf8(
        formatNote({
          text: note.text,
          signatures: [signNote(note.text, stranger.signing, ed25519Sign), note.signatures[1]!],
        }),
      ),
    }),
    insider('a head signed by a new key of the same name', 2, {
      [path.end]: utf8(signedBy(ORIGIN, sameName)),
    }),
    insider('a head without the witness', 2, {
      [path.end]: utf8(formatNote({ text: note.text, signatures: note.signatures.slice(0, 1) })),
    }),
    insider('a head of another size than the manifest says', 1, {
      [path.end]: utf8(checkpointNote(story.log, 39)),
    }),
    insider('a head with a line added', 1, { [path.end]: utf8(end.replace('=\n\n', '=\nextension\n\n')) }),
    insider('a head with carriage returns', 1, { [path.end]: utf8(end.replaceAll('\n', '\r\n')) }),
  ]
}

/** The step from the start head to the end head. */
export function consistencyAttacks(): readonly Trial[] {
  const proofs = (edit: (proof: string[]) => readonly string[]): Uint8Array =>
    editLines(path.consistency, (lines) =>
      lines.map((line) => ({ ...line, proof: edit(line['proof'] as string[]) })),
    )
  const forked = retellWithEdit(1)
  return [
    insider('the start head of a forked history, signed by the right key', 1, {
      [path.start]: utf8(checkpointNote(forked, 3)),
    }),
    insider('the start head removed', 1, { [path.start]: undefined }),
    insider('a consistency proof changed', 1, {
      [path.consistency]: proofs(([first, ...rest]) => [
        base64Of(flipped(bytesOfBase64(first!)!, 3)),
        ...rest,
      ]),
    }),
    insider('a consistency proof one hash shorter', 1, {
      [path.consistency]: proofs((proof) => proof.slice(1)),
    }),
    insider('a consistency proof one hash longer', 1, {
      [path.consistency]: proofs((proof) => [...proof, proof[0]!]),
    }),
    insider('no consistency proof', 1, { [path.consistency]: utf8('') }),
    insider('a consistency proof from another size', 1, {
      [path.consistency]: editLines(path.consistency, (lines) => lines.map((line) => ({ ...line, from: 4 }))),
    }),
  ]
}
