/** The Merkle tree of a log as it lies in the database: any complete subtree's hash, from stored tiles where there are some. */
import {
  decodeTile,
  foldRight,
  placeInTile,
  subtreesOf,
  TILE_WIDTH,
  tileRoot,
  type LeafRange,
  type SubtreeHashes,
  type SubtreeId,
} from '../../../domain/evidence/ledger/index.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { sha256 } from '../../platform/evidence-outbox.ts'
import { findLeafHashes, findTiles } from './tree-store.ts'

/** A stored tree that lacks what its head promises, or holds a tile of a wrong length. */
export class TreeDamaged extends Error {}

export type StoredTree = {
  /** Hashes [0, width) of a tile; those of lower levels are read or computed. */
  readonly tile: (level: number, index: number, width: number) => Promise<readonly Uint8Array[]>
  /** Fetches these subtrees, and answers for them without waiting. */
  readonly subtrees: (ids: readonly SubtreeId[]) => Promise<SubtreeHashes>
  /** The root when the log had this many entries (at least one). */
  readonly rootAt: (size: number) => Promise<Uint8Array>
}

const keyOf = ({ level, index }: SubtreeId): string => `${level}/${index}`

export const openTree = (db: Db | Tx, logId: string): StoredTree => {
  const tiles = new Map<string, readonly Uint8Array[]>()

  const stored = async (level: number, index: number): Promise<readonly Uint8Array[] | undefined> => {
    const [row] = await findTiles(db, logId, level, index, index + 1)
    if (!row) return undefined
    const hashes = decodeTile(row.hashes, TILE_WIDTH)
    if (!hashes) throw new TreeDamaged(`tile ${level}/${index} has a wrong length`)
    return hashes
  }

  const computed = async (level: number, index: number, width: number): Promise<readonly Uint8Array[]> => {
    const first = index * TILE_WIDTH
    const hashes =
      level === 0
        ? await findLeafHashes(db, logId, first, first + width)
        : (await findTiles(db, logId, level - 1, first, first + width)).map((row) =>
            tileRoot(decodeTile(row.hashes, TILE_WIDTH) ?? [], sha256),
          )
    if (hashes.length !== width) throw new TreeDamaged(`tile ${level}/${index} lacks entries`)
    return hashes
  }

  const tile = async (level: number, index: number, width: number): Promise<readonly Uint8Array[]> => {
    const key = `${level}/${index}`
    const known = tiles.get(key)
    if (known && known.length >= width) return known.slice(0, width)
    const found = (await stored(level, index)) ?? (await computed(level, index, width))
    tiles.set(key, found)
    return found.slice(0, width)
  }

  const subtrees = async (ids: readonly SubtreeId[]): Promise<SubtreeHashes> => {
    const hashes = new Map<string, Uint8Array>()
    for (const id of ids) {
      const { tileLevel, tileIndex, from, to } = placeInTile(id)
      hashes.set(keyOf(id), tileRoot((await tile(tileLevel, tileIndex, to)).slice(from, to), sha256))
    }
    return (level, index) => {
      const hash = hashes.get(keyOf({ level, index }))
      if (!hash) throw new RangeError(`subtree ${level}/${index} was not fetched`)
      return hash
    }
  }

  const rootAt = async (size: number): Promise<Uint8Array> => {
    const ids = subtreesOf({ from: 0, to: size })
    const hashes = await subtrees(ids)
    return foldRight(
      ids.map(({ level, index }) => hashes(level, index)),
      sha256,
    )
  }
  return { tile, subtrees, rootAt }
}

/** The subtrees that these ranges are made of, each once. */
export const subtreesOfRanges = (ranges: readonly LeafRange[]): readonly SubtreeId[] => [
  ...new Map(ranges.flatMap((range) => subtreesOf(range)).map((id) => [keyOf(id), id])).values(),
]
