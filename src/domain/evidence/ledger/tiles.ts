/** How a log is laid out for reading (C2SP tlog-tiles): 256 hashes to a tile, 256 entries to a bundle, eternal once full. */

import { concatBytes, HASH_BYTES } from './bytes.ts'
import type { Sha256 } from './bytes.ts'
import { MAX_LEAF_BYTES } from './leaf.ts'
import { foldRight, isSize, subtreeHashesOf, subtreesOf } from './subtrees.ts'
import type { SubtreeId } from './subtrees.ts'

export const TILE_WIDTH = 256
/** A tile spans 8 levels of the tree, and 8 levels of tiles span every size there can be. */
export const TILE_LEVELS = 8

/** A tile of hashes at `level` (its hashes are of subtrees of 256^level leaves), or a bundle of entries. */
export type TileId = {
  readonly level: number | 'entries'
  readonly index: number
  /** 1 to 256; below 256 the tile is partial and will be replaced. */
  readonly width: number
}

/** `tile/0/x001/x234/067`, `tile/1/000.p/5`, `tile/entries/000`. */
export function tilePath({ level, index, width }: TileId): string {
  if (!isSize(index) || !isSize(width) || width < 1 || width > TILE_WIDTH)
    throw new RangeError('no such tile')
  if (level !== 'entries' && (!isSize(level) || level >= TILE_LEVELS))
    throw new RangeError('no such tile level')
  let path = String(index % 1000).padStart(3, '0')
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000))
    path = `x${String(rest % 1000).padStart(3, '0')}/${path}`
  return `tile/${level}/${path}${width === TILE_WIDTH ? '' : `.p/${width}`}`
}

const PATH = /^tile\/(entries|[0-7])\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/

/** Undefined unless the path is exactly what {@link tilePath} writes. */
export function parseTilePath(path: string): TileId | undefined {
  const parts = PATH.exec(path)
  if (parts === null) return undefined
  const [, level, digits, width] = parts as unknown as [string, string, string, string | undefined]
  const tile: TileId = {
    level: level === 'entries' ? 'entries' : Number(level),
    index: Number(digits.replaceAll(/[x/]/g, '')),
    width: width === undefined ? TILE_WIDTH : Number(width),
  }
  const possible = isSize(tile.index) && tile.width <= TILE_WIDTH
  return possible && tilePath(tile) === path ? tile : undefined
}

/**
 * The full tiles of hashes that exist at `newSize` and did not at `oldSize`: what an appender has to write.
 * Partial tiles are rebuilt when asked for.
 */
export function fullTilesBetween(oldSize: number, newSize: number): readonly TileId[] {
  const tiles: TileId[] = []
  let span = TILE_WIDTH
  for (let level = 0; level < TILE_LEVELS && span <= newSize; level++) {
    for (let index = Math.floor(oldSize / span); index < Math.floor(newSize / span); index++)
      tiles.push({ level, index, width: TILE_WIDTH })
    span *= TILE_WIDTH
  }
  return tiles
}

/** @throws RangeError for another count than 1 to 256, or hashes of another length than 32 */
export function encodeTile(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length < 1 || hashes.length > TILE_WIDTH || hashes.some((hash) => hash.length !== HASH_BYTES))
    throw new RangeError('a tile holds 1 to 256 hashes of 32 bytes')
  return concatBytes(hashes)
}

/** Undefined unless the tile holds exactly `width` hashes. */
export function decodeTile(tile: Uint8Array, width: number): readonly Uint8Array[] | undefined {
  if (width < 1 || width > TILE_WIDTH || tile.length !== width * HASH_BYTES) return undefined
  return Array.from({ length: width }, (_, i) => tile.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES))
}

/** The root of the hashes of a tile; for a full tile, the hash that stands in the tile one level above. */
export function tileRoot(hashes: readonly Uint8Array[], sha256: Sha256): Uint8Array {
  const subtrees = subtreeHashesOf(hashes, sha256)
  const parts = subtreesOf({ from: 0, to: hashes.length }).map(({ level, index }) => subtrees(level, index))
  return foldRight(parts, sha256)
}

/**
 * Where the hash of a perfect subtree comes from: `tileRoot` of hashes [from, to) of the tile `tileLevel`/`tileIndex`
 * (one hash when the subtree is on the tile's own level). The tile may be partial; its first `to` hashes are enough.
 */
export function placeInTile({ level, index }: SubtreeId): {
  readonly tileLevel: number
  readonly tileIndex: number
  readonly from: number
  readonly to: number
} {
  const width = 2 ** (level % TILE_LEVELS)
  const first = index * width
  const from = first % TILE_WIDTH
  const tileIndex = Math.floor(first / TILE_WIDTH)
  return { tileLevel: Math.floor(level / TILE_LEVELS), tileIndex, from, to: from + width }
}

/** Each entry after its length in two big-endian bytes. */
export function encodeEntries(entries: readonly Uint8Array[]): Uint8Array {
  const parts: Uint8Array[] = []
  for (const entry of entries) {
    if (entry.length > MAX_LEAF_BYTES) throw new RangeError('an entry holds at most 65,535 bytes')
    parts.push(Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry)
  }
  return concatBytes(parts)
}

/** Undefined when the bytes end within an entry. */
export function decodeEntries(bytes: Uint8Array): readonly Uint8Array[] | undefined {
  const entries: Uint8Array[] = []
  let at = 0
  while (at < bytes.length) {
    if (at + 2 > bytes.length) return undefined
    const end = at + 2 + bytes[at]! * 256 + bytes[at + 1]!
    if (end > bytes.length) return undefined
    entries.push(bytes.subarray(at + 2, end))
    at = end
  }
  return entries
}
