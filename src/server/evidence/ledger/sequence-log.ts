/**
 * Takes the leaves that wait for one log into it: contiguous numbers, frontier, full tiles and the head in one
 * transaction, so that after a crash each leaf either waits or stands in the log, and never both or neither.
 */
import {
  appendLeafHashes,
  decodeFrontier,
  decodeLeaf,
  emptyFrontier,
  encodeFrontier,
  encodeTile,
  equalBytes,
  frontierRoot,
  fullTilesBetween,
  leafHash,
  TILE_WIDTH,
  tileRoot,
  type Frontier,
} from '../../../domain/evidence/ledger/index.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import { systemCtx, type Platform } from '../../platform/context.ts'
import { sha256 } from '../../platform/evidence-outbox.ts'
import { record, type WriteTx } from '../../platform/record.ts'
import { clockSkewed } from './events.ts'
import {
  findLog,
  insertEntries,
  insertTiles,
  lockHead,
  moveHead,
  takePending,
  type HeadRow,
  type NewEntry,
  type NewTile,
  type PendingRow,
} from './sequencing-store.ts'
import { findLeafHashes, findTiles } from './tree-store.ts'

/** Another process was elected since: this one has to stop writing at once. */
export class Deposed extends Error {}

/** A leaf that waits is not what was hashed when it was recorded: its log stands still until somebody looked. */
export class LeafDamaged extends Error {}

/** 45,000 entries/s in batches of this size; more would only hold the head longer. */
export const BATCH = 2_000
/** Clocks and commits may differ by this much before it is worth an entry. */
export const SKEW_MS = 5_000

const readLeaf = ({ id, leaf, leaf_hash: hash }: PendingRow): NewEntry => {
  const read = decodeLeaf(leaf)
  if (isRefusal(read) || read.id !== id || !equalBytes(leafHash(leaf, sha256), hash))
    throw new LeafDamaged(`the waiting leaf ${id} was changed after it was recorded`)
  return { id, leaf, leafHash: hash, at: Date.parse(read.at) }
}

const frontierOf = ({ frontier, size }: HeadRow): Frontier => {
  const read = decodeFrontier(frontier)
  if (read?.size !== size) throw new LeafDamaged('the head of the log does not fit its size')
  return read
}

/** Tiles that became full. Hashes of the lowest level come from the entries, of a higher one from the tiles below. */
const fullTiles = async (
  tx: WriteTx,
  logId: string,
  from: number,
  entries: readonly NewEntry[],
): Promise<NewTile[]> => {
  const made: NewTile[] = []
  for (const { level, index } of fullTilesBetween(from, from + entries.length)) {
    const first = index * TILE_WIDTH
    if (typeof level !== 'number') continue
    if (level === 0) {
      const before = first < from ? await findLeafHashes(tx.db, logId, first, from) : []
      const start = Math.max(first, from) - from
      const fresh = entries.slice(start, first + TILE_WIDTH - from).map((entry) => entry.leafHash)
      made.push({ level, index, hashes: encodeTile([...before, ...fresh]) })
      continue
    }
    const below = new Map(
      (await findTiles(tx.db, logId, level - 1, first, first + TILE_WIDTH)).map((row) => [
        row.idx,
        row.hashes,
      ]),
    )
    for (const tile of made) if (tile.level === level - 1) below.set(tile.index, Buffer.from(tile.hashes))
    const roots = Array.from({ length: TILE_WIDTH }, (_, n) => {
      const hashes = below.get(first + n)
      if (!hashes) throw new LeafDamaged(`tile ${level - 1}/${first + n} is missing`)
      return tileRoot(
        Array.from({ length: TILE_WIDTH }, (_unused, k) => hashes.subarray(k * 32, (k + 1) * 32)),
        sha256,
      )
    })
    made.push({ level, index, hashes: encodeTile(roots) })
  }
  return made
}

/** One entry for a batch: a clock that is wrong is wrong for every leaf, and one alarm is enough. */
const sayWhatIsSkewed = async (
  tx: WriteTx,
  logId: string,
  newestAt: number,
  pending: readonly PendingRow[],
): Promise<boolean> => {
  let newest = newestAt
  let worst: { row: PendingRow; skewMs: number; newest: number } | undefined
  let count = 0
  for (const row of pending) {
    const behind = newest - row.created_at
    const ahead = row.created_at - tx.now
    const skewMs = Math.max(behind, ahead)
    if (skewMs > SKEW_MS) {
      count += 1
      if (!worst || skewMs > worst.skewMs) worst = { row, skewMs, newest: ahead > behind ? tx.now : newest }
    }
    newest = Math.max(newest, Math.min(row.created_at, tx.now))
  }
  if (!worst) return false
  const log = await findLog(tx.db, logId)
  tx.append(clockSkewed, {
    stream: tx.id(),
    customerId: log?.customerId,
    environmentId: log?.environmentId,
    body: {
      entries: count,
      worstMs: worst.skewMs,
      worstEntry: worst.row.id,
      recordedAt: worst.row.created_at,
      newestAt: worst.newest,
    },
  })
  return true
}

const EMPTY = { root: frontierRoot(emptyFrontier, sha256), frontier: encodeFrontier(emptyFrontier) }

export type Sequenced = { readonly taken: number; readonly skewed: boolean }

/**
 * @param maySaySkew false while it was said a moment ago
 * @returns how many leaves were taken; call again while it is BATCH
 * @throws Deposed, LeafDamaged
 */
export const sequenceLog = (
  platform: Platform,
  fence: number,
  logId: string,
  maySaySkew = true,
): Promise<Sequenced> =>
  record(systemCtx(platform, 'sequencer'), async (tx) => {
    tx.observed()
    const head = await lockHead(tx.db, logId, { ...EMPTY, fence })
    if (head.fence > fence) throw new Deposed('another process sequences now')
    const pending = await takePending(tx.db, logId, BATCH)
    if (pending.length === 0) return { taken: 0, skewed: false }
    const entries = pending.map(readLeaf)
    const grown = appendLeafHashes(
      frontierOf(head),
      entries.map((entry) => entry.leafHash),
      sha256,
    ).frontier
    await insertEntries(tx.db, logId, head.size, entries)
    const tiles = await fullTiles(tx, logId, head.size, entries)
    if (tiles.length > 0) await insertTiles(tx.db, logId, tiles)
    await moveHead(tx.db, logId, {
      size: grown.size,
      root: frontierRoot(grown, sha256),
      frontier: encodeFrontier(grown),
      newestAt: pending.reduce(
        (newest, row) => Math.max(newest, Math.min(row.created_at, tx.now)),
        head.newest_at,
      ),
    })
    const skewed = maySaySkew && (await sayWhatIsSkewed(tx, logId, head.newest_at, pending))
    return { taken: pending.length, skewed }
  })
