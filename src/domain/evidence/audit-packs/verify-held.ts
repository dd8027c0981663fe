/** A head that the auditor kept from before: the one thing an insider with database and key cannot rewrite. */

import { isRefusal } from '../../refusal.ts'
import { equalBytes, parseSignedCheckpoint, rootWithinRange, verifyNote } from '../ledger/index.ts'
import type { SignedCheckpoint } from '../ledger/index.ts'
import type { Manifest } from './format.ts'
import type { PackReading } from './pack-reading.ts'
import { finding } from './verdict.ts'
import { leadsTo } from './verify-heads.ts'
import type { Heads } from './verify-heads.ts'
import type { Population } from './verify-population.ts'

export type ReadLog = { readonly heads: Heads; readonly population: Population }

/** @param logs what was read of each log, by log id */
export function verifyHeld(
  reading: PackReading,
  manifest: Manifest,
  logs: ReadonlyMap<string, ReadLog>,
  heldNote: string,
): void {
  const { gaps, notes } = reading.findings
  const held = parseSignedCheckpoint(heldNote)
  if (isRefusal(held)) {
    gaps.push(finding('held-malformed', `the checkpoint you kept cannot be read: ${held.detail}`))
    return
  }
  const log = manifest.logs.find(({ origin }) => origin === held.origin)
  const read = log === undefined ? undefined : logs.get(log.log)
  if (log === undefined || read === undefined) {
    gaps.push(finding('held-other-log', 'the checkpoint you kept is of a log that is not in the pack'))
    return
  }
  const signatures = verifyNote(
    held.note,
    reading.keys.logs.filter(({ name }) => name === held.origin),
    reading.ed25519Verify,
  )
  if (isRefusal(signatures) || signatures.length === 0)
    notes.push(
      finding(
        'held-unsigned',
        'the checkpoint you kept carries no signature of a known key; it is taken as yours',
      ),
    )
  compareHeld(reading, held, read)
}

function compareHeld(reading: PackReading, held: SignedCheckpoint, { heads, population }: ReadLog): void {
  const { faults, gaps, notes } = reading.findings
  const { end } = heads
  if (end === undefined) return
  if (held.size > end.size) {
    faults.push(
      finding(
        'log-shrank',
        `you kept a head of ${held.size} entries; this pack ends at ${end.size}: entries were taken away`,
      ),
    )
    return
  }
  const agrees = agreement(reading, held, heads, population)
  if (agrees === undefined)
    gaps.push(
      finding('held-unprovable', `the pack has no proof from the head of ${held.size} entries that you kept`),
    )
  else if (agrees)
    notes.push(
      finding('held-agrees', `the log has only grown since the head of ${held.size} entries that you kept`),
    )
  else
    faults.push(
      finding(
        'log-forked',
        `the head of ${held.size} entries that you kept is not part of this log: its history was rewritten`,
      ),
    )
}

function agreement(
  reading: PackReading,
  held: SignedCheckpoint,
  { start, end, consistency }: Heads,
  { range, isProved }: Population,
): boolean | undefined {
  if (held.size === 0) return true
  for (const head of [start, end]) if (head?.size === held.size) return equalBytes(head.root, held.root)
  const within =
    isProved && range !== undefined ? rootWithinRange(range, held.size, reading.sha256) : undefined
  if (within !== undefined) return equalBytes(within, held.root)
  const proof = consistency.get(held.size)
  return proof === undefined ? undefined : leadsTo(reading, held, end!, proof)
}
