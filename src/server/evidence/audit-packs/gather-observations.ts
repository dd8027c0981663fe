/** The rows behind sealed windows, as far as they fit; what is not shown stays sealed by its root. */
import type { LogParts } from '../../../domain/evidence/audit-packs/index.ts'
import { parseWindow, type ObservationWindow } from '../../../domain/evidence/ledger/index.ts'
import type { Tx } from '../../platform/database.ts'
import { bodyOf } from '../../platform/event-body.ts'
import { observationKinds } from '../../platform/observations.ts'
import { findObservations } from '../ledger/index.ts'
import type { GatheredLog } from './gather-log.ts'
import type { GatheredEntry } from './gathered-entry.ts'

/** Rows are evidence for whoever doubts a window, not reading matter: a storm's must not crowd out everything else. */
const MOST_ROW_BYTES = 64 * 1024 * 1024
const MOST_FILES = 20_000

export type ShownRows = {
  readonly byEntry: LogParts['observations']
  /** Windows whose rows were left out. */
  readonly leftOut: number
}
type Rows = { process: string; number: number; bytes: Uint8Array }[]

const sealedIn = (entry: GatheredEntry): { kind: string; window: ObservationWindow } | undefined => {
  if (entry.read.type !== 'observations.sealed') return undefined
  const body = bodyOf(entry.disclosures)
  const window = parseWindow(body['window'])
  return window ? { kind: String(body['kind']), window } : undefined
}

/** As the window names them: what was removed or changed since is found by the verifier, which hashes them again. */
const rowsOf = async (
  db: Tx,
  environmentId: string,
  kindName: string,
  window: ObservationWindow,
): Promise<Rows> => {
  const kind = observationKinds().get(kindName)
  if (!kind) return []
  const rows: Rows = []
  for (const { process, first, last } of window.spans) {
    const found = await findObservations(db, kind, {
      environmentId,
      processId: process,
      after: first - 1,
      to: last,
      limit: last - first + 1,
    })
    rows.push(...found.map((row) => ({ process, number: row.number, bytes: kind.bytesOf(row) })))
  }
  return rows
}

/** The newest windows first: those are the ones somebody still asks about. */
export const gatherObservations = async (db: Tx, { log, entries }: GatheredLog): Promise<ShownRows> => {
  const byEntry = new Map<string, Rows>()
  let bytes = 0
  let leftOut = 0
  for (const entry of entries.toReversed()) {
    const sealed = sealedIn(entry)
    if (!sealed || log.environment_id === null) continue
    if (bytes >= MOST_ROW_BYTES || byEntry.size >= MOST_FILES) {
      leftOut += 1
      continue
    }
    const rows = await rowsOf(db, log.environment_id, sealed.kind, sealed.window)
    bytes += rows.reduce((sum, row) => sum + row.bytes.length, 0)
    byEntry.set(entry.id, rows)
  }
  return { byEntry, leftOut }
}
