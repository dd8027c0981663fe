/** Whether the entries shown reach over both ends of the period that was asked for. */

import type { Manifest, ManifestLog } from './format.ts'
import type { PackReading } from './pack-reading.ts'
import { finding } from './verdict.ts'
import type { LogVerdict } from './verdict.ts'
import type { IndexedLeaf } from './verify-population.ts'

/**
 * Entries stand in the order they were taken into the log, which is the order of their instants but for seconds; one
 * entry dated outside at each end, or the end of the log itself, shows that the cut is not inside the period.
 */
export function verifyPeriod(
  reading: PackReading,
  log: ManifestLog,
  period: Manifest['period'],
  entries: readonly IndexedLeaf[],
): LogVerdict['periodEnd'] {
  const { gaps, notes } = reading.findings
  const first = entries.at(0)
  const last = entries.at(-1)
  if (log.from > 0 && !(first !== undefined && first.leaf.at < period.from))
    gaps.push(
      finding(
        'period-start-open',
        `entries before ${log.from} may belong to the period: none shown is dated before it`,
        log.log,
      ),
    )
  const reachesOver = last !== undefined && last.leaf.at >= period.to
  if (log.to < log.end && !reachesOver) {
    gaps.push(
      finding(
        'period-end-open',
        `entries from ${log.to} on may belong to the period: none shown is dated after it`,
        log.log,
      ),
    )
    return 'not-bounded'
  }
  noteDisorder(reading, log, entries)
  if (reachesOver) return 'bounded-by-entry'
  notes.push(
    finding(
      'period-end-of-log',
      `the log ended at ${log.end} entries; later ones of the period are not covered`,
      log.log,
    ),
  )
  return 'end-of-log'
}

function noteDisorder(reading: PackReading, log: ManifestLog, entries: readonly IndexedLeaf[]): void {
  let steps = 0
  for (let i = 1; i < entries.length; i++) if (entries[i]!.leaf.at < entries[i - 1]!.leaf.at) steps++
  if (steps > 0)
    reading.findings.notes.push(
      finding('instants-disordered', `${steps} entries are dated before the entry they follow`, log.log),
    )
}
