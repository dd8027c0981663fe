/** Writes a pack as a zip with nothing in it that differs between two runs: sorted names, one fixed time, no extras. */

import { deflateRawSync } from 'node:zlib'
import { crc32 } from './crc32.ts'

export type ZipEntry = {
  readonly name: string
  readonly bytes: Uint8Array
  /** Unix mode with file type; a plain readable file when absent. Tests write links with it. */
  readonly mode?: number
}

const DOS_DATE_1980 = 0x0021
const UTF8_NAME = 1 << 11
const VERSION = 20
const MADE_BY_UNIX = (3 << 8) | VERSION

/** Sorted by name; equal bytes on equal zlib versions. */
export const zipOfFiles = (files: ReadonlyMap<string, Uint8Array>): Uint8Array =>
  writeZip(
    [...files]
      .map(([name, bytes]) => ({ name, bytes }))
      .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
  )

/** In the order given, even when names repeat or lead astray: what a reader has to withstand. */
export function writeZip(entries: readonly ZipEntry[]): Uint8Array {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const deflated = deflateRawSync(entry.bytes, { level: 9 })
    const isStored = deflated.length >= entry.bytes.length
    const packed = isStored ? Buffer.from(entry.bytes) : deflated
    const name = Buffer.from(entry.name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(VERSION, 0)
    common.writeUInt16LE(UTF8_NAME, 2)
    common.writeUInt16LE(isStored ? 0 : 8, 4)
    common.writeUInt16LE(DOS_DATE_1980, 8)
    common.writeUInt32LE(crc32(entry.bytes), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(entry.bytes.length, 18)
    common.writeUInt16LE(name.length, 22)
    const central = Buffer.alloc(14)
    central.writeUInt32LE((entry.mode ?? 0o100644) * 0x10000, 6)
    central.writeUInt32LE(offset, 10)
    centrals.push(
      Buffer.from([0x50, 0x4b, 1, 2, MADE_BY_UNIX & 0xff, MADE_BY_UNIX >> 8]),
      common,
      central,
      name,
    )
    const local = [Buffer.from([0x50, 0x4b, 3, 4]), common, name, packed]
    locals.push(...local)
    offset += local.reduce((sum, part) => sum + part.length, 0)
  }
  const directory = Buffer.concat(centrals)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, directory, end])
}
