/** Reads the recordings and files that entries name, each once, and refuses what is not the bytes that were recorded. */
import type { BlobPart } from '../../../domain/evidence/audit-packs/index.ts'
import { hexOf } from '../../../domain/evidence/ledger/index.ts'
import { getBlob } from '../../platform/blobs.ts'
import type { PackSource } from './pack-source.ts'
import { sha256 } from '../../platform/evidence-outbox.ts'
import type { BlobRow } from './gather-store.ts'
import type { GatheredLog } from './gather-log.ts'
import { sessionOf } from './gather-redactions.ts'
import { PackRefused } from './refuse-pack.ts'

/** What unpacks to more than this is not read by the verifier unless it is told to, and has to fit into our memory twice. */
export const MOST_BLOB_BYTES = 512 * 1024 * 1024

/** Hashes that entries of these logs name, and of what stands for redacted chunks. */
export const hashesOf = (logs: readonly GatheredLog[]): string[] => [
  ...new Set(
    logs.flatMap(({ entries, redactions }) => [
      ...entries.flatMap(({ read }) => (read.blobs ?? []).map(({ h }) => h)),
      ...redactions.replacements,
    ]),
  ),
]

const readOne = async (platform: PackSource, rows: readonly BlobRow[]): Promise<Uint8Array | undefined> => {
  for (const { name, h } of rows) {
    const bytes = await getBlob(platform, platform.database.db, name).catch((error: unknown) => {
      platform.log.error({ err: (error as Error).message, name }, 'a stored file cannot be read for a pack')
      return undefined
    })
    if (bytes && hexOf(sha256(bytes)) === h) return bytes
  }
  return undefined
}

/** @throws PackRefused naming the entry whose file is gone or changed */
export const gatherBlobs = async (
  platform: PackSource,
  logs: readonly GatheredLog[],
  stored: readonly BlobRow[],
): Promise<Map<string, BlobPart[]>> => {
  const total = [...new Map(stored.map((row) => [row.h, row.size])).values()].reduce(
    (sum, size) => sum + size,
    0,
  )
  if (total > MOST_BLOB_BYTES)
    throw new PackRefused(
      'too-large',
      `Recordings and files of this period have ${Math.ceil(total / 1024 / 1024)} MiB; a pack takes ${MOST_BLOB_BYTES / 1024 / 1024} MiB. Ask for a shorter period.`,
    )
  const places = Map.groupBy(stored, (row) => row.h)
  const contents = new Map<string, Uint8Array>()
  const parts = new Map<string, BlobPart[]>()
  const read = async (seq: number, h: string): Promise<Uint8Array> => {
    const bytes = contents.get(h) ?? (await readOne(platform, places.get(h) ?? []))
    if (!bytes)
      throw new PackRefused(
        'file-missing',
        `A file that entry ${seq} names (${h.slice(0, 12)}…) is gone or was changed. Restore it from a backup.`,
      )
    contents.set(h, bytes)
    return bytes
  }
  for (const { log, entries, redactions } of logs) {
    const own: BlobPart[] = []
    parts.set(log.id, own)
    for (const entry of entries) {
      for (const { kind, h } of new Map((entry.read.blobs ?? []).map((blob) => [blob.h, blob])).values()) {
        const fate = redactions.fateOf(sessionOf(entry) ?? '', kind, h)
        const about = { entry: entry.id, h }
        if (fate.state === 'withheld') own.push({ state: 'withheld', ...about })
        else if (fate.state === 'present')
          own.push({ state: 'present', ...about, bytes: await read(entry.seq, h) })
        else own.push({ state: 'redacted', ...about, by: fate.by, bytes: await read(fate.by, fate.with) })
      }
    }
  }
  return parts
}
