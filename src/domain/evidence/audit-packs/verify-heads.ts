/** Who signed the two ends of a log's period, and whether the auditor trusts them. */

import { isRefusal } from '../../refusal.ts'
import { base64Of, equalBytes, textOfUtf8, verifyCheckpoint, verifyConsistency } from '../ledger/index.ts'
import type { VerifiedCheckpoint } from '../ledger/index.ts'
import { logPaths } from './format.ts'
import type { ManifestLog } from './format.ts'
import { isQuorum } from './policy.ts'
import { hasExactly, isCount, readLines } from './shape.ts'
import { bytesOfBase64List } from './hash-list.ts'
import { finding } from './verdict.ts'
import type { PackReading } from './pack-reading.ts'

export type Heads = {
  readonly start?: VerifiedCheckpoint
  readonly end?: VerifiedCheckpoint
  /** Proofs to the end, by the size they start from. */
  readonly consistency: ReadonlyMap<number, readonly Uint8Array[]>
}

/** Reads and judges checkpoint.start, checkpoint.end and consistency.ndjson of one log. */
export function verifyHeads(reading: PackReading, log: ManifestLog): Heads {
  const paths = logPaths(log.log)
  const end = verifyHead(reading, log, paths.end, log.end)
  const start = log.start === 0 ? undefined : verifyHead(reading, log, paths.start, log.start)
  if (log.start === 0 && reading.files.has(paths.start)) {
    reading.use(paths.start)
    reading.findings.faults.push(
      finding('start-unexpected', 'a log that starts empty has no start checkpoint', paths.start),
    )
  }
  if (end !== undefined) askQuorum(reading, log, end)
  const consistency = readConsistency(reading, log)
  if (start !== undefined && end !== undefined) compareHeads(reading, log, start, end, consistency)
  return {
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
    consistency,
  }
}

function verifyHead(
  reading: PackReading,
  log: ManifestLog,
  path: string,
  size: number,
): VerifiedCheckpoint | undefined {
  const { faults, gaps } = reading.findings
  const bytes = reading.take(path)
  if (bytes === undefined) return undefined
  const keys = reading.keys.logs.filter(({ name }) => name === log.origin)
  const checkpoint = verifyCheckpoint(
    textOfUtf8(bytes) ?? '',
    log.origin,
    [...keys, ...reading.keys.witnesses],
    reading.ed25519Verify,
  )
  if (isRefusal(checkpoint)) {
    faults.push(finding(checkpoint.code, checkpoint.detail, path))
    return undefined
  }
  if (checkpoint.size !== size) {
    faults.push(
      finding(
        'checkpoint-size',
        `the checkpoint is of size ${checkpoint.size}, the manifest says ${size}`,
        path,
      ),
    )
    return undefined
  }
  if (!checkpoint.signatures.some(({ key }) => keys.includes(key)))
    gaps.push(finding('signer-not-trusted', 'the checkpoint is signed by no log key of the policy', path))
  return checkpoint
}

function askQuorum(reading: PackReading, log: ManifestLog, end: VerifiedCheckpoint): void {
  const cosigners = end.signatures.filter(({ cosignedAt }) => cosignedAt !== undefined).map(({ key }) => key)
  if (!isQuorum(reading.keys.quorum, cosigners))
    reading.findings.gaps.push(
      finding(
        'quorum-missing',
        'too few witnesses of the policy cosigned the checkpoint',
        logPaths(log.log).end,
      ),
    )
}

function readConsistency(reading: PackReading, log: ManifestLog): Heads['consistency'] {
  const path = logPaths(log.log).consistency
  const proofs = new Map<number, readonly Uint8Array[]>()
  let before = 0
  for (const line of readLines(reading.take(path) ?? new Uint8Array(0))) {
    const proof = hasExactly(line, ['from', 'proof']) ? bytesOfBase64List(line['proof']) : undefined
    const from = proof === undefined ? undefined : (line as { from: unknown }).from
    if (proof === undefined || !isCount(from) || from <= before || from >= log.end) {
      reading.findings.faults.push(
        finding('consistency-malformed', 'a line is not a consistency proof in order', path),
      )
      return proofs
    }
    before = from
    proofs.set(from, proof)
  }
  return proofs
}

function compareHeads(
  reading: PackReading,
  log: ManifestLog,
  start: VerifiedCheckpoint,
  end: VerifiedCheckpoint,
  consistency: Heads['consistency'],
): void {
  const path = logPaths(log.log).consistency
  if (!leadsTo(reading, start, end, consistency.get(start.size)))
    reading.findings.faults.push(
      finding(
        'not-consistent',
        `the log did not simply grow from ${start.size} to ${end.size} entries`,
        path,
      ),
    )
}

/** Whether `later` is the same log grown, by the proof given (none needed for equal sizes). */
export function leadsTo(
  reading: PackReading,
  earlier: { readonly size: number; readonly root: Uint8Array },
  later: { readonly size: number; readonly root: Uint8Array },
  proof: readonly Uint8Array[] | undefined,
): boolean {
  if (earlier.size === later.size) return equalBytes(earlier.root, later.root)
  const claim = { oldSize: earlier.size, oldRoot: earlier.root, newSize: later.size, newRoot: later.root }
  return proof !== undefined && verifyConsistency({ ...claim, proof }, reading.sha256)
}

export const signersOf = (
  end: VerifiedCheckpoint | undefined,
): {
  readonly signers: readonly string[]
  readonly cosigners: readonly { readonly name: string; readonly cosignedAt: number }[]
} => {
  const signers: string[] = []
  const cosigners: { name: string; cosignedAt: number }[] = []
  for (const { key, cosignedAt } of end?.signatures ?? []) {
    if (cosignedAt === undefined) signers.push(`${key.name} (${key.id})`)
    else cosigners.push({ name: key.name, cosignedAt })
  }
  return { signers, cosigners }
}

export const rootTextOf = (end: VerifiedCheckpoint): string => base64Of(end.root)
