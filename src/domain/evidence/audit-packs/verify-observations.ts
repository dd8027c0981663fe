/** Sealed windows of observations: that they form one chain, and that rows shown are the rows sealed. */

import {
  bytesOfBase64,
  follows,
  numbersMissing,
  parseWindow,
  verifyWindow,
  windowDigest,
} from '../ledger/index.ts'
import type { ObservationWindow, ObservedRow } from '../ledger/index.ts'
import { logPaths, OBSERVATIONS_SEALED, WINDOW } from './format.ts'
import type { ManifestLog } from './format.ts'
import type { PackReading } from './pack-reading.ts'
import { hasExactly, isCount, isText, readLines } from './shape.ts'
import { finding } from './verdict.ts'
import type { DisclosedFields } from './disclosed-fields.ts'
import type { Population } from './verify-population.ts'

type SealedWindow = { readonly index: number; readonly entry: string; readonly window: ObservationWindow }

export function verifyObservations(
  reading: PackReading,
  log: ManifestLog,
  population: Population,
  disclosed: DisclosedFields,
): void {
  const sealed: SealedWindow[] = []
  let undisclosed = 0
  for (const { index, leaf } of population.entries) {
    if (leaf.type !== OBSERVATIONS_SEALED) continue
    const value = disclosed.get(leaf.id)?.get(WINDOW)
    const window = parseWindow(value)
    if (window !== undefined) sealed.push({ index, entry: leaf.id, window })
    else if (value === undefined) undisclosed++
    else
      reading.findings.faults.push(
        finding('window-malformed', 'the field window of a sealing entry is no window', `entry ${index}`),
      )
  }
  for (const one of sealed) verifyRows(reading, log, one)
  verifyChain(reading, sealed, undisclosed === 0)
  if (undisclosed > 0)
    reading.findings.notes.push(
      finding(
        'windows-withheld',
        `${undisclosed} observation windows are not disclosed: their chain is not judged whole`,
        log.log,
      ),
    )
}

function verifyRows(reading: PackReading, log: ManifestLog, { index, entry, window }: SealedWindow): void {
  const path = logPaths(log.log).observationsOf(entry)
  const bytes = reading.files.get(path)
  if (bytes === undefined) return
  reading.use(path)
  const rows: ObservedRow[] = []
  for (const line of readLines(bytes)) {
    const row = parseRow(line)
    if (row === undefined) {
      reading.findings.faults.push(finding('observations-malformed', 'a line is not an observed row', path))
      return
    }
    rows.push(row)
  }
  if (!isOrdered(rows) || !verifyWindow(window, rows, reading.sha256))
    reading.findings.faults.push(
      finding('observations-false', `the rows are not those that entry ${index} sealed`, path),
    )
}

function parseRow(line: unknown): ObservedRow | undefined {
  if (!hasExactly(line, ['bytes', 'number', 'process'])) return undefined
  const bytes = typeof line['bytes'] === 'string' ? bytesOfBase64(line['bytes']) : undefined
  const { number, process } = line
  return bytes !== undefined && isCount(number) && isText(process) ? { process, number, bytes } : undefined
}

const isOrdered = (rows: readonly ObservedRow[]): boolean =>
  rows.every((row, i) => {
    const before = rows[i - 1]
    if (before === undefined) return true
    return before.process === row.process ? before.number < row.number : before.process < row.process
  })

/** Windows may be sequenced in another order than they were sealed, so the chain is followed by digest, not by index. */
function verifyChain(reading: PackReading, sealed: readonly SealedWindow[], allDisclosed: boolean): void {
  const { faults, notes } = reading.findings
  const next = new Map<string, SealedWindow>()
  for (const one of sealed) {
    const previous = one.window.previous ?? ''
    if (next.has(previous))
      faults.push(finding('window-fork', 'two windows follow the same window', `entry ${one.index}`))
    next.set(previous, one)
  }
  const digests = new Set(sealed.map(({ window }) => windowDigest(window, reading.sha256)))
  const heads = sealed.filter(({ window }) => window.previous === undefined || !digests.has(window.previous))
  for (const { index } of allDisclosed ? heads.slice(1) : [])
    faults.push(
      finding('window-chain-broken', 'the window before this one is not in the log', `entry ${index}`),
    )
  for (const head of heads) {
    const chain: ObservationWindow[] = [head.window]
    for (;;) {
      const later = next.get(windowDigest(chain.at(-1)!, reading.sha256))
      if (later === undefined || !follows(later.window, chain.at(-1)!, reading.sha256)) break
      chain.push(later.window)
    }
    for (const { process, first, last } of numbersMissing(chain))
      notes.push(
        finding(
          'observations-unsealed',
          `process ${process} has no sealed rows numbered ${first} to ${last}`,
          `entry ${head.index}`,
        ),
      )
  }
}
