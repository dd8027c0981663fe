/** Signed heads of other logs, sizes, times and histories. */

import {
  append,
  checkpointNote,
  HOUR,
  logKey,
  logParts,
  newLog,
  ORIGIN,
  packParts,
  policyText,
  signManifest,
  START,
} from '../../../src/domain/evidence/audit-packs/log-for-tests.test.ts'
import { ed25519Sign, keyPairOf, sha256 } from '../../../src/domain/evidence/ledger/crypto-for-tests.test.ts'
import {
  base64Of,
  bytesOfBase64,
  formatCheckpoint,
  formatNote,
  formatVkey,
  parseSignedCheckpoint,
  SIGNATURE,
  signNote,
  utf8,
} from '../../../src/domain/evidence/ledger/index.ts'
import { buildPack } from '../../../src/domain/evidence/audit-packs/index.ts'
import { PERIOD } from '../../../src/domain/evidence/audit-packs/story-for-tests.test.ts'
import type { SigningKey } from '../../../src/domain/evidence/ledger/index.ts'
import { zipOfFiles } from '../../../src/cli/verify/zip-write.ts'
import { resigned } from '../resigned.ts'
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
    keyOfAnotherLog(signedBy),
    sizeOfTheSameShape(),
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

/** Trusted to sign that log, not this one. */
function keyOfAnotherLog(signedBy: (origin: string, key: SigningKey) => string): Trial {
  const other = keyPairOf('fortnight.example/l/other', SIGNATURE)
  const trial = insider('a head signed by the trusted key of another log', 2, {
    [path.end]: utf8(signedBy(ORIGIN, other.signing)),
  })
  return { ...trial, policy: `${policyText}log ${formatVkey(other.verifier)}\n` }
}

/** Five entries and six may have the same edges, and the same root follows from them. */
function sizeOfTheSameShape(): Trial {
  const log = newLog()
  for (const at of [1, 2, 3, 200, 201]) append(log, { type: 'alert.resolved', at: START + at * HOUR })
  const parts = packParts([logParts(log, { from: 0, to: 4, start: 0, end: 5 })], PERIOD)
  const files = buildPack(parts, sha256, signManifest)
  const manifest = new TextDecoder().decode(files.get('manifest.json')).replace('"end":5', '"end":6')
  return {
    name: 'a manifest that says the log was longer than signed',
    expected: 1,
    zip: zipOfFiles(resigned(new Map([...files, ['manifest.json', utf8(manifest)]]))),
  }
}
