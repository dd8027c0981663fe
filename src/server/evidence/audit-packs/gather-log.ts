/** Gathers one log's part of a pack from the rows of a snapshot; nothing is trusted here, all of it is verified afterwards. */
import {
  GONE_DIGESTS,
  REPLACED_BLOBS,
  type DisclosurePart,
  type LogParts,
} from '../../../domain/evidence/audit-packs/index.ts'
import {
  consistencyProof,
  consistencyRanges,
  decodeLeaf,
  inclusionProof,
  inclusionRanges,
  parseDisclosure,
  rangeEdges,
  subtreesOf,
  type Leaf,
} from '../../../domain/evidence/ledger/index.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import type { Tx } from '../../platform/database.ts'
import { sha256 } from '../../platform/evidence-outbox.ts'
import { findNewestCheckpoint, openTree, subtreesOfRanges, TreeDamaged } from '../ledger/index.ts'
import { chooseRange, type EntryRange } from './choose-range.ts'
import {
  findEntries,
  findErasures,
  findStartNote,
  findWaiting,
  type EntryRow,
  type ErasureRow,
  type LogRow,
} from './gather-store.ts'
import type { GatheredEntry } from './gathered-entry.ts'
import { gatherRedactions, type Redactions } from './gather-redactions.ts'
import { NotCaughtUp, PackRefused } from './refuse-pack.ts'
import { findEarlierEnds } from './store.ts'

export type GatheredLog = {
  readonly log: LogRow
  readonly size: number
  readonly range: EntryRange
  readonly entries: readonly GatheredEntry[]
  readonly redactions: Redactions
  /** Without blobs and observations, which are read apart. */
  readonly parts: Omit<LogParts, 'blobs' | 'observations'>
}

export type Period = { readonly from: number; readonly to: number }

/** More would not fit into the memory of whoever verifies it. */
export const MOST_ENTRIES = 200_000
const ENTRIES_A_READ = 5_000

const readLeaf = (row: EntryRow): Leaf => {
  const leaf = decodeLeaf(row.leaf)
  if (isRefusal(leaf))
    throw new PackRefused('evidence-contradicts', `Entry ${row.seq} of the log is damaged: ${leaf.detail}.`)
  return leaf
}

const readEntries = async (
  db: Tx,
  logId: string,
  range: EntryRange,
  erasures: readonly ErasureRow[],
): Promise<GatheredEntry[]> => {
  const erased = Map.groupBy(erasures, (row) => row.event_id)
  const entries: GatheredEntry[] = []
  for (let from = range.from; from < range.to; from += ENTRIES_A_READ) {
    const rows = await findEntries(db, logId, from, Math.min(range.to, from + ENTRIES_A_READ))
    for (const row of rows)
      entries.push({
        ...row,
        read: readLeaf(row),
        erased: (erased.get(row.id) ?? []).map(({ field }) => field),
      })
  }
  if (entries.length !== range.to - range.from)
    throw new PackRefused(
      'evidence-contradicts',
      `The log should hold entries ${range.from} to ${range.to - 1}, and ${range.to - range.from - entries.length} of them are missing from the database.`,
    )
  return entries
}

const disclosedOf = ({ id, disclosures }: EntryRow): DisclosurePart[] =>
  disclosures.map((text) => ({ state: 'disclosed', entry: id, text }))

const erasedOf = (erasures: readonly ErasureRow[]): DisclosurePart[] =>
  erasures.map(({ event_id: entry, digest, field, by }) => ({
    state: 'erased',
    entry,
    digest,
    by: by ?? -1,
    name: field,
  }))

/** Fields in which erasures and redactions name what is gone, and who wanted a redaction and why. */
const ACCOUNTING: readonly string[] = [GONE_DIGESTS, REPLACED_BLOBS, 'asked']

/** Of an entry behind the period only what accounts for something within it is shown. */
const accountOf = (row: EntryRow): DisclosurePart[] =>
  disclosedOf(row).filter((part) => {
    const read = part.state === 'disclosed' ? parseDisclosure(part.text) : undefined
    return read !== undefined && !isRefusal(read) && ACCOUNTING.includes(read.name)
  })

const laterEntries = async (
  db: Tx,
  logId: string,
  size: number,
  numbers: readonly number[],
): Promise<{ later: LogParts['later']; shown: DisclosurePart[] }> => {
  const tree = openTree(db, logId)
  const later: { index: number; leaf: Uint8Array; proof: readonly Uint8Array[] }[] = []
  const shown: DisclosurePart[] = []
  for (const index of numbers) {
    const [row] = await findEntries(db, logId, index, index + 1)
    if (!row) throw new PackRefused('evidence-contradicts', `Entry ${index} of the log is missing.`)
    const hashes = await tree.subtrees(subtreesOfRanges(inclusionRanges(index, size)))
    later.push({ index, leaf: row.leaf, proof: inclusionProof(index, size, hashes, sha256) })
    shown.push(...accountOf(row))
  }
  return { later, shown }
}

/** Proofs that the log only grew: from the head before the period, and from the ends of packs that others keep. */
const consistencyOf = async (
  db: Tx,
  logId: string,
  start: number,
  size: number,
): Promise<LogParts['consistency']> => {
  const sizes = new Set(await findEarlierEnds(db, logId, size))
  if (start > 0 && start < size) sizes.add(start)
  const tree = openTree(db, logId)
  const proofs = []
  for (const from of sizes) {
    const hashes = await tree.subtrees(subtreesOfRanges(consistencyRanges(from, size)))
    proofs.push({ from, proof: consistencyProof(from, size, hashes, sha256) })
  }
  return proofs
}

/** Only a newer erasure than the signed head cannot be accounted for yet. */
const checkAccounted = (erasures: readonly ErasureRow[], size: number): void => {
  const waiting = erasures.filter(({ by }) => by === null || by >= size).length
  if (waiting > 0) throw new NotCaughtUp(waiting)
}

/**
 * @param upTo what was recorded until this instant has to be under the signed head
 * @throws NotCaughtUp, PackRefused
 */
export const gatherLog = async (db: Tx, log: LogRow, period: Period, upTo: number): Promise<GatheredLog> => {
  const end = await findNewestCheckpoint(db, log.id)
  const size = end?.size ?? 0
  const { pending, unsigned } = await findWaiting(db, log.id, size, upTo)
  if (!end || pending + unsigned > 0) throw new NotCaughtUp(pending + unsigned)
  const range = await chooseRange(db, log.id, size, period)
  if (range.to - range.from > MOST_ENTRIES)
    throw new PackRefused(
      'too-large',
      `The period holds ${range.to - range.from} entries; a pack shows ${MOST_ENTRIES} at most. Ask for a shorter period.`,
    )
  try {
    const erasures = await findErasures(db, log.id, range.from, range.to)
    checkAccounted(erasures, size)
    const entries = await readEntries(db, log.id, range, erasures)
    const redactions = await gatherRedactions(db, log.id, size, entries)
    const accounts = new Set([...erasures.map(({ by }) => by ?? -1), ...redactions.declaredBy])
    const behind = [...accounts].filter((by) => by >= range.to)
    const { later, shown } = await laterEntries(db, log.id, size, behind)
    const start = await findStartNote(db, log.id, period.from)
    const edgeIds = [...subtreesOf({ from: 0, to: range.from }), ...subtreesOf({ from: range.to, to: size })]
    const hashes = await openTree(db, log.id).subtrees(edgeIds)
    return {
      log,
      size,
      range,
      entries,
      redactions,
      parts: {
        logId: log.id,
        origin: log.origin,
        from: range.from,
        leaves: entries.map(({ leaf }) => leaf),
        edges: rangeEdges(range.from, range.to, size, hashes),
        ...(start ? { startNote: start.note } : {}),
        endNote: end.note,
        consistency: await consistencyOf(db, log.id, start?.size ?? 0, size),
        disclosures: [...entries.flatMap(disclosedOf), ...erasedOf(erasures), ...shown],
        later,
      },
    }
  } catch (error) {
    if (error instanceof TreeDamaged)
      throw new PackRefused(
        'evidence-contradicts',
        `The stored tree of the log is damaged: ${error.message}.`,
      )
    throw error
  }
}
