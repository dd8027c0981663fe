/** What a dishonest maker of packs does after bending one: lists the files anew and signs the list. */

import {
  MANIFEST_NOTE_PATH,
  MANIFEST_PATH,
  manifestNoteText,
} from '../../src/domain/evidence/audit-packs/index.ts'
import { signManifest } from '../../src/domain/evidence/audit-packs/log-for-tests.test.ts'
import { sha256 } from '../../src/domain/evidence/ledger/crypto-for-tests.test.ts'
import { canonicalJson, formatNote, hexOf, utf8 } from '../../src/domain/evidence/ledger/index.ts'

/** Keeps all else the manifest says, right or wrong. */
export function resigned(files: ReadonlyMap<string, Uint8Array>): Map<string, Uint8Array> {
  const manifest = JSON.parse(new TextDecoder().decode(files.get(MANIFEST_PATH))) as Record<string, unknown>
  const listed = [...files]
    .filter(([path]) => path !== MANIFEST_PATH && path !== MANIFEST_NOTE_PATH)
    .map(([path, bytes]) => ({ path, sha256: hexOf(sha256(bytes)), size: bytes.length }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
  const bytes = utf8(canonicalJson({ ...manifest, files: listed }))
  const text = manifestNoteText(hexOf(sha256(bytes)))
  return new Map([
    ...files,
    [MANIFEST_PATH, bytes],
    [MANIFEST_NOTE_PATH, utf8(formatNote({ text, signatures: signManifest(text) }))],
  ])
}
