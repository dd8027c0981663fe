/** After a recorded rotation the old key counts no more: whoever stole it can sign nothing that comes later. */

import { isRefusal } from '../../refusal.ts'
import { hexOf, verifyRotation } from '../ledger/index.ts'
import type { VerifierKey } from '../ledger/index.ts'
import { KEY_ROTATED, logPaths, MANIFEST_NOTE_PATH, STATEMENT } from './format.ts'
import type { ManifestLog } from './format.ts'
import type { PackReading } from './pack-reading.ts'
import { finding } from './verdict.ts'
import type { DisclosedFields } from './disclosed-fields.ts'
import type { Heads } from './verify-heads.ts'
import type { Population } from './verify-population.ts'

type Recorded = { readonly index: number; readonly old: string; readonly next: string }

/** @returns public keys (hex) that are retired at the end of this log */
export function verifyRotations(
  reading: PackReading,
  log: ManifestLog,
  { start, end }: Heads,
  { entries, later }: Population,
  disclosed: DisclosedFields,
): ReadonlySet<string> {
  const recorded: Recorded[] = []
  for (const { index, leaf } of [...entries, ...later]) {
    const statement = leaf.type === KEY_ROTATED ? disclosed.get(leaf.id)?.get(STATEMENT) : undefined
    if (statement === undefined) continue
    const rotation = verifyRotation(String(statement), reading.sha256, reading.ed25519Verify)
    if (isRefusal(rotation))
      reading.findings.faults.push(finding(rotation.code, rotation.detail, `entry ${index}`))
    else recorded.push({ index, old: hexOf(rotation.old), next: hexOf(rotation.next) })
  }
  const { start: startPath, end: endPath } = logPaths(log.log)
  for (const [head, path] of [
    [start, startPath],
    [end, endPath],
  ] as const) {
    const signers = (head?.signatures ?? []).map(({ key }) => key).filter(({ name }) => name === log.origin)
    askSigners(reading, signers, retiredBefore(recorded, head?.size ?? 0), path)
  }
  return retiredBefore(recorded, log.end)
}

/** The manifest is made after the ends of its logs. */
export const verifyManifestSigners = (
  reading: PackReading,
  signers: readonly VerifierKey[],
  retired: ReadonlySet<string>,
): void => askSigners(reading, signers, retired, MANIFEST_NOTE_PATH)

function retiredBefore(recorded: readonly Recorded[], size: number): ReadonlySet<string> {
  const retired = new Set<string>()
  for (const { index, old, next } of recorded) {
    if (index >= size) continue
    retired.add(old)
    retired.delete(next)
  }
  return retired
}

function askSigners(
  reading: PackReading,
  signers: readonly VerifierKey[],
  retired: ReadonlySet<string>,
  where: string,
): void {
  if (signers.length === 0 || !signers.every(({ publicKey }) => retired.has(hexOf(publicKey)))) return
  reading.findings.faults.push(
    finding('signer-retired', 'signed by a key that the log had retired before: it may be stolen', where),
  )
}
