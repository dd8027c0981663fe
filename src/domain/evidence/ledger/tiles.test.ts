/** The layout of C2SP tlog-tiles: its paths, its boundaries, and that a tile is the subtree it stands for. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { runs, sha256 } from './crypto-for-tests.test.ts'
import { appendLeafHashes, emptyFrontier, frontierRoot } from './frontier.ts'
import { leafHash } from './rfc6962.ts'
import { subtreeHashesOf } from './subtrees.ts'
import {
  decodeEntries,
  decodeTile,
  encodeEntries,
  encodeTile,
  fullTilesBetween,
  parseTilePath,
  placeInTile,
  tilePath,
  tileRoot,
} from './tiles.ts'

test('paths are those of the specification', () => {
  assert.equal(tilePath({ level: 0, index: 1_234_067, width: 256 }), 'tile/0/x001/x234/067')
  assert.equal(tilePath({ level: 1, index: 0, width: 5 }), 'tile/1/000.p/5')
  assert.equal(tilePath({ level: 'entries', index: 999, width: 256 }), 'tile/entries/999')
  assert.equal(tilePath({ level: 'entries', index: 1000, width: 255 }), 'tile/entries/x001/000.p/255')
  assert.throws(() => tilePath({ level: 8, index: 0, width: 1 }), RangeError)
  assert.throws(() => tilePath({ level: 0, index: 0, width: 257 }), RangeError)
  assert.throws(() => tilePath({ level: 0, index: 0, width: 0 }), RangeError)
})

test('any path is read back, and no second spelling of it', () => {
  const level = fc.oneof(fc.integer({ min: 0, max: 7 }), fc.constant('entries' as const))
  fc.assert(
    fc.property(level, fc.maxSafeNat(), fc.integer({ min: 1, max: 256 }), (l, index, width) => {
      const tile = { level: l, index, width }
      assert.deepEqual(parseTilePath(tilePath(tile)), tile)
    }),
    runs(300),
  )
  for (const path of [
    'tile/0/x000/001',
    'tile/0/1',
    'tile/8/000',
    'tile/0/000.p/256',
    'tile/0/000.p/0',
    'tile/0/000.p/07',
    'tile/0/000/',
    '/tile/0/000',
    'tile/0/x001',
    'tile/../000',
    'tile/0/x999/x999/x999/x999/x999/x999/999',
  ])
    assert.equal(parseTilePath(path), undefined, path)
})

test('tiles appear at 256 and 65,536 entries and at no other time', () => {
  const paths = (from: number, to: number): readonly string[] =>
    fullTilesBetween(from, to).map((tile) => tilePath(tile))
  assert.deepEqual(paths(0, 255), [])
  assert.deepEqual(paths(255, 256), ['tile/0/000'])
  assert.deepEqual(paths(256, 257), [])
  assert.deepEqual(paths(65_535, 65_536), ['tile/0/255', 'tile/1/000'])
  assert.deepEqual(paths(65_536, 65_537), [])
  assert.equal(paths(0, 65_537).length, 257)
})

test('a tile of hashes carries the root of its entries, at 256, 257, 65,536 and 65,537 too', () => {
  const hashes = Array.from({ length: 65_537 }, (_, i) => leafHash(Buffer.from(`${i}`), sha256))
  const rootOf = (size: number): Uint8Array =>
    frontierRoot(appendLeafHashes(emptyFrontier, hashes.slice(0, size), sha256).frontier, sha256)
  const tiles = Array.from({ length: 256 }, (_, i) => hashes.slice(i * 256, (i + 1) * 256))
  const level1 = tiles.map((tile) => tileRoot(tile, sha256))
  assert.deepEqual(tileRoot(tiles[0]!, sha256), rootOf(256))
  assert.deepEqual(tileRoot(level1, sha256), rootOf(65_536))
  assert.notDeepEqual(rootOf(256), rootOf(257))
  const joined = appendLeafHashes(
    { size: 65_536, hashes: [tileRoot(level1, sha256)] },
    hashes.slice(65_536),
    sha256,
  )
  assert.deepEqual(frontierRoot(joined.frontier, sha256), rootOf(65_537))
  assert.equal(encodeTile(tiles[0]!).length, 8192)
  assert.deepEqual(decodeTile(encodeTile(tiles[0]!), 256), tiles[0])
})

test('every subtree can be had from one tile', () => {
  const size = 700
  const hashes = Array.from({ length: size }, (_, i) => leafHash(Buffer.from(`${i}`), sha256))
  const subtrees = subtreeHashesOf(hashes, sha256)
  const tile = (level: number, index: number): readonly Uint8Array[] => {
    const width = Math.min(256, Math.floor(size / 256 ** level) - index * 256)
    return Array.from({ length: width }, (_, i) => subtrees(8 * level, index * 256 + i))
  }
  for (let level = 0; 2 ** level <= size; level++) {
    for (let index = 0; (index + 1) * 2 ** level <= size; index++) {
      const place = placeInTile({ level, index })
      const part = tile(place.tileLevel, place.tileIndex).slice(place.from, place.to)
      assert.deepEqual(tileRoot(part, sha256), subtrees(level, index), `${level}/${index}`)
    }
  }
})

test('a tile of a wrong length is refused', () => {
  const hash = leafHash(Buffer.from('a'), sha256)
  assert.throws(() => encodeTile([]), RangeError)
  assert.throws(() => encodeTile(Array.from({ length: 257 }, () => hash)), RangeError)
  assert.throws(() => encodeTile([hash.subarray(1)]), RangeError)
  assert.equal(decodeTile(hash, 2), undefined)
  assert.equal(decodeTile(new Uint8Array(0), 0), undefined)
})

test('bundles hold entries of 0 to 65,535 bytes and notice a cut anywhere', () => {
  const entry = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.constantFrom(new Uint8Array(65_535), new Uint8Array(256)),
  )
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 6 }), fc.nat(), (entries, cut) => {
      const bundle = encodeEntries(entries)
      assert.deepEqual(decodeEntries(bundle), entries)
      if (bundle.length === 0) return
      const shorter = decodeEntries(bundle.subarray(0, cut % bundle.length))
      assert.ok(shorter === undefined || shorter.length < entries.length)
    }),
    runs(60),
  )
  assert.throws(() => encodeEntries([new Uint8Array(65_536)]), RangeError)
})
