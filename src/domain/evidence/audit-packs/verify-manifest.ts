/** The pack's own list of contents: who signed it, and whether the files are those it lists. */

import { isRefusal } from '../../refusal.ts'
import { hexOf, parseNote, textOfUtf8, verifyNote } from '../ledger/index.ts'
import type { VerifierKey } from '../ledger/index.ts'
import { FORMAT, isManifest, MANIFEST_NOTE_PATH, MANIFEST_PATH, manifestNoteText } from './format.ts'
import type { Manifest } from './format.ts'
import type { PackReading } from './pack-reading.ts'
import { readCanonical } from './shape.ts'
import { finding } from './verdict.ts'

/** Undefined when there is nothing to go on; the findings say why. */
export function readManifest(reading: PackReading): Manifest | undefined {
  const { faults, gaps } = reading.findings
  reading.use(MANIFEST_PATH)
  const bytes = reading.files.get(MANIFEST_PATH)
  if (bytes === undefined) {
    gaps.push(finding('not-a-pack', 'there is no manifest.json: this is not an audit pack'))
    return undefined
  }
  const value = readCanonical(bytes)?.value
  const format = (value as { format?: unknown } | null | undefined)?.format
  if (typeof format === 'string' && format !== FORMAT) {
    gaps.push(finding('format-unknown', 'this verifier does not know the format of the pack', MANIFEST_PATH))
    return undefined
  }
  if (isManifest(value)) return value
  faults.push(
    finding('manifest-malformed', 'the manifest is not canonical or not of the right shape', MANIFEST_PATH),
  )
  return undefined
}

/** The keys of the policy that signed the manifest. */
export function verifyManifestNote(reading: PackReading): readonly VerifierKey[] {
  const { faults, gaps } = reading.findings
  reading.use(MANIFEST_NOTE_PATH)
  const bytes = reading.files.get(MANIFEST_NOTE_PATH)
  if (bytes === undefined) {
    gaps.push(finding('manifest-unsigned', 'the manifest is not signed', MANIFEST_NOTE_PATH))
    return []
  }
  const note = parseNote(textOfUtf8(bytes) ?? '')
  if (isRefusal(note)) {
    faults.push(finding(note.code, note.detail, MANIFEST_NOTE_PATH))
    return []
  }
  if (note.text !== manifestNoteText(hexOf(reading.sha256(reading.files.get(MANIFEST_PATH)!)))) {
    faults.push(
      finding('manifest-changed', 'the signed hash is not that of the manifest', MANIFEST_NOTE_PATH),
    )
    return []
  }
  const signatures = verifyNote(note, reading.keys.packs, reading.ed25519Verify)
  if (isRefusal(signatures)) {
    faults.push(finding(signatures.code, signatures.detail, MANIFEST_NOTE_PATH))
    return []
  }
  if (signatures.length === 0)
    gaps.push(
      finding(
        'signer-not-trusted',
        'the manifest is signed by no pack key of the policy',
        MANIFEST_NOTE_PATH,
      ),
    )
  return signatures.map(({ key }) => key)
}

export function verifyFiles(reading: PackReading, manifest: Manifest): void {
  const { faults } = reading.findings
  const listed = new Set([MANIFEST_PATH, MANIFEST_NOTE_PATH])
  for (const { path, size, sha256 } of manifest.files) {
    listed.add(path)
    const bytes = reading.files.get(path)
    if (bytes === undefined)
      faults.push(finding('file-missing', 'the manifest lists a file that is not there', path))
    else if (bytes.length !== size || hexOf(reading.sha256(bytes)) !== sha256)
      faults.push(finding('file-changed', 'the file is not the one the manifest lists', path))
  }
  for (const path of reading.files.keys())
    if (!listed.has(path)) faults.push(finding('file-extra', 'the manifest does not list this file', path))
}

/** Files no rule looked at are worth what the manifest's signature is worth; some places allow no such file. */
export function noteUncheckedFiles(reading: PackReading, manifest: Manifest): void {
  const unchecked: string[] = []
  for (const { path } of manifest.files) {
    if (reading.isUsed(path)) continue
    if (/^(?:blobs|log)\//.test(path))
      reading.findings.faults.push(
        finding('file-unreferenced', 'nothing in the log refers to this file', path),
      )
    else unchecked.push(path)
  }
  if (unchecked.length > 0)
    reading.findings.notes.push(
      finding(
        'bound-by-manifest-only',
        `not part of the log, as good as the manifest's signature: ${unchecked.join(', ')}`,
      ),
    )
}
