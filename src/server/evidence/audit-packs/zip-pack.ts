/** A pack's files as one zip, packed off the main thread so that a worker stays alive to its database. */
import { promisify } from 'node:util'
import { crc32, deflateRaw } from 'node:zlib'
import { writeZip, type ZipEntry } from '../../../domain/evidence/audit-packs/index.ts'

const deflate = promisify(deflateRaw) as (bytes: Uint8Array, options: { level: number }) => Promise<Buffer>

/** Recordings are packed already. */
const isPacked = (name: string): boolean => name.endsWith('.cast')

/** Sorted by name; the same files give the same bytes on the same release. */
export const zipPack = async (files: ReadonlyMap<string, Uint8Array>): Promise<Uint8Array> => {
  const entries: ZipEntry[] = []
  for (const [name, bytes] of [...files].sort(([a], [b]) => (a < b ? -1 : 1)))
    entries.push({
      name,
      bytes,
      crc: crc32(bytes),
      deflated: isPacked(name) ? bytes : await deflate(bytes, { level: 6 }),
    })
  return writeZip(entries)
}
