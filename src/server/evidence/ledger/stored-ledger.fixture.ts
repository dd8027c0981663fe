/** Recomputes a stored ledger from its leaves alone and holds everything else against it: what the tests of this area ask. */
import assert from 'node:assert/strict'
import type pg from 'pg'
import {
  appendLeafHashes,
  emptyFrontier,
  encodeFrontier,
  equalBytes,
  frontierRoot,
  fullTilesBetween,
  leafHash,
  rangeHash,
  subtreeHashesOf,
  subtreesOf,
  verifyCheckpoint,
} from '../../../domain/evidence/ledger/index.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import { sha256 } from '../../platform/evidence-outbox.ts'
import { ed25519Verify, type LedgerSigner } from './keys.ts'

type Entry = { seq: number; id: string; leaf: Buffer; leaf_hash: Buffer; at: number }

/** @returns ids in the order of the log */
export const checkLog = async (
  client: pg.Client | pg.Pool,
  logId: string,
  signer?: LedgerSigner,
): Promise<string[]> => {
  const { rows: entries } = await client.query<Entry>(
    'select seq, id, leaf, leaf_hash, at from ledger_entries where log_id = $1 order by seq',
    [logId],
  )
  const hashes = entries.map((entry) => leafHash(entry.leaf, sha256))
  entries.forEach((entry, index) => {
    assert.equal(entry.seq, index, 'numbers are contiguous')
    assert.ok(equalBytes(hashes[index] as Uint8Array, entry.leaf_hash))
    const leaf = JSON.parse(entry.leaf.toString()) as { id: string; at: string }
    assert.equal(leaf.id, entry.id)
    assert.equal(Date.parse(leaf.at), entry.at)
  })
  const { rows: heads } = await client.query<{ size: number; root: Buffer; frontier: Buffer }>(
    'select size, root, frontier from ledger_heads where log_id = $1',
    [logId],
  )
  const grown = appendLeafHashes(emptyFrontier, hashes, sha256).frontier
  assert.equal(heads[0]?.size ?? 0, entries.length)
  if (heads[0]) {
    assert.ok(equalBytes(heads[0].root, frontierRoot(grown, sha256)))
    assert.ok(equalBytes(heads[0].frontier, encodeFrontier(grown)))
  }
  await checkTiles(client, logId, hashes)
  await checkCheckpoints(client, logId, hashes, signer)
  return entries.map((entry) => entry.id)
}

const checkTiles = async (
  client: pg.Client | pg.Pool,
  logId: string,
  hashes: readonly Uint8Array[],
): Promise<void> => {
  const { rows } = await client.query<{ level: number; idx: number; hashes: Buffer }>(
    'select level, idx, hashes from ledger_tiles where log_id = $1 order by level, idx',
    [logId],
  )
  const expected = fullTilesBetween(0, hashes.length)
  assert.deepEqual(
    rows.map(({ level, idx }) => `${level}/${idx}`),
    expected.map(({ level, index }) => `${level}/${index}`),
  )
  const subtrees = subtreeHashesOf(hashes, sha256)
  for (const { level, idx, hashes: stored } of rows) {
    const wanted = Buffer.concat(Array.from({ length: 256 }, (_, n) => subtrees(8 * level, idx * 256 + n)))
    assert.ok(stored.equals(wanted), `tile ${level}/${idx}`)
  }
}

const checkCheckpoints = async (
  client: pg.Client | pg.Pool,
  logId: string,
  hashes: readonly Uint8Array[],
  signer?: LedgerSigner,
): Promise<void> => {
  const { rows } = await client.query<{ size: number; root: Buffer; note: string; origin: string }>(
    `select c.size, c.root, c.note, l.origin from ledger_checkpoints c join ledger_logs l on l.id = c.log_id
     where c.log_id = $1`,
    [logId],
  )
  const subtrees = subtreeHashesOf(hashes, sha256)
  for (const { size, root, note, origin } of rows) {
    assert.ok(size <= hashes.length, 'no checkpoint is ahead of its head')
    assert.ok(subtreesOf({ from: 0, to: size }).length > 0)
    assert.ok(equalBytes(root, rangeHash({ from: 0, to: size }, subtrees, sha256)))
    if (!signer) continue
    const checked = verifyCheckpoint(note, origin, [signer.verifierOf(origin)], ed25519Verify)
    assert.ok(!isRefusal(checked) && checked.signatures.length === 1 && checked.size === size)
  }
}
