/**
 * Writes a pack as a zip with nothing in it that differs between two runs: names in the order given, one fixed time, no
 * extras. Packing the bytes is the caller's, because a rule imports no library.
 */

import { concatBytes, utf8 } from '../ledger/index.ts'
import { crc32 } from './crc32.ts'

export type ZipEntry = {
  readonly name: string
  readonly bytes: Uint8Array
  /** The bytes by raw deflate (RFC 1951); stored as they are when that is not shorter. */
  readonly deflated: Uint8Array
  /** CRC-32 of the bytes, where somebody has it from a faster place. */
  readonly crc?: number
  /** Unix mode with file type; a plain readable file when absent. Tests write links with it. */
  readonly mode?: number
}

const DOS_DATE_1980 = 0x0021
const UTF8_NAME = 1 << 11
const VERSION = 20
const MADE_BY_UNIX = (3 << 8) | VERSION
const PLAIN_FILE = 0o100644
/** What the format can count without zip64, which a pack may not have. */
const MOST_ENTRIES = 0xffff
const MOST_BYTES = 0xffffffff

/** Little-endian fields one after the other, as zip wants them. */
function fields(...values: readonly (readonly [bytes: 2 | 4, value: number])[]): Uint8Array {
  const written: number[] = []
  for (const [bytes, value] of values)
    for (let i = 0; i < bytes; i++) written.push(Math.floor(value / 256 ** i) % 256)
  return Uint8Array.from(written)
}

/**
 * In the order given, even when names repeat or lead astray: what a reader has to withstand.
 *
 * @throws RangeError for more than 65,535 files or 4 GiB
 */
export function writeZip(entries: readonly ZipEntry[]): Uint8Array {
  if (entries.length > MOST_ENTRIES) throw new RangeError('a zip holds at most 65,535 files')
  const locals: Uint8Array[] = []
  const centrals: Uint8Array[] = []
  let offset = 0
  let directoryBytes = 0
  for (const entry of entries) {
    const isStored = entry.deflated.length >= entry.bytes.length
    const packed = isStored ? entry.bytes : entry.deflated
    const name = utf8(entry.name)
    const common = fields(
      [2, VERSION],
      [2, UTF8_NAME],
      [2, isStored ? 0 : 8],
      [2, 0],
      [2, DOS_DATE_1980],
      [4, entry.crc ?? crc32(entry.bytes)],
      [4, packed.length],
      [4, entry.bytes.length],
      [2, name.length],
      [2, 0],
    )
    const place = fields([2, 0], [2, 0], [2, 0], [4, (entry.mode ?? PLAIN_FILE) * 0x10000], [4, offset])
    const central = [fields([4, 0x02014b50], [2, MADE_BY_UNIX]), common, place, name]
    const local = [fields([4, 0x04034b50]), common, name, packed]
    locals.push(...local)
    centrals.push(...central)
    offset += lengthOf(local)
    directoryBytes += lengthOf(central)
    if (offset > MOST_BYTES) throw new RangeError('a zip holds at most 4 GiB')
  }
  const end = fields(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, entries.length],
    [2, entries.length],
    [4, directoryBytes],
    [4, offset],
    [2, 0],
  )
  return concatBytes([...locals, ...centrals, end])
}

const lengthOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, part) => sum + part.length, 0)
