/**
 * Reads a zip of unknown origin into memory. Readers of zip differ (first or last record of a name, local or central
 * sizes, comments, gaps), and an auditor may unpack with another than ours; so whatever two readers could see
 * differently is refused, and nothing is ever written to a disk.
 */

import { inflateRawSync } from 'node:zlib'
import { crc32, isPackPath } from '../../domain/evidence/audit-packs/index.ts'

export type ZipFault = {
  /** `no-zip`: some other file. `too-large`: not read, perhaps honest. `unlawful`: breaks the rules of packs. */
  readonly kind: 'no-zip' | 'too-large' | 'unlawful'
  readonly detail: string
}

type CentralRecord = {
  readonly name: string
  readonly flags: number
  readonly method: number
  readonly crc: number
  readonly packedBytes: number
  readonly unpackedBytes: number
  readonly offset: number
}

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const DESCRIPTOR = 0x08074b50
const END_BYTES = 22
const HAS_DESCRIPTOR = 1 << 3
/** Deflate hints (1, 2), descriptor (3), UTF-8 names (11); not encryption, patches or masked headers. */
const LAWFUL_FLAGS = (1 << 1) | (1 << 2) | HAS_DESCRIPTOR | (1 << 11)

class Unlawful extends Error {
  readonly kind: ZipFault['kind']
  constructor(detail: string, kind: ZipFault['kind'] = 'unlawful') {
    super(detail)
    this.kind = kind
  }
}

/** @param maxUnpackedBytes how much may be held in memory */
export function readZip(
  zip: Uint8Array,
  maxUnpackedBytes: number,
): { readonly files: ReadonlyMap<string, Uint8Array> } | ZipFault {
  try {
    return { files: readFiles(Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength), maxUnpackedBytes) }
  } catch (error) {
    if (error instanceof Unlawful) return { kind: error.kind, detail: error.message }
    // Reading past the end of the buffer: the records promise more than there is.
    if (error instanceof RangeError) return { kind: 'unlawful', detail: 'the zip ends within a record' }
    throw error
  }
}

function readFiles(zip: Buffer, maxUnpackedBytes: number): ReadonlyMap<string, Uint8Array> {
  const first = zip.length >= END_BYTES ? zip.readUInt32LE(0) : 0
  if (first !== LOCAL && first !== END) throw new Unlawful('this is not a zip file', 'no-zip')
  const { records, centralOffset } = readCentral(zip)
  const total = records.reduce((sum, { unpackedBytes }) => sum + unpackedBytes, 0)
  if (total > maxUnpackedBytes)
    throw new Unlawful(
      `the zip unpacks to ${total} bytes, more than the ${maxUnpackedBytes} allowed`,
      'too-large',
    )
  checkNames(records)
  const files = new Map<string, Uint8Array>()
  let at = 0
  for (const record of records.toSorted((a, b) => a.offset - b.offset)) {
    if (record.offset !== at) throw new Unlawful('records overlap, or bytes stand between them')
    const { bytes, end } = readRecord(zip, record, centralOffset)
    if (!record.name.endsWith('/')) files.set(record.name, bytes)
    at = end
  }
  if (at !== centralOffset) throw new Unlawful('bytes stand between the files and the directory')
  return files
}

function readCentral(zip: Buffer): {
  readonly records: readonly CentralRecord[]
  readonly centralOffset: number
} {
  const end = zip.length - END_BYTES
  if (zip.readUInt32LE(end) !== END) throw new Unlawful('the zip does not end with its directory')
  const [disk, centralDisk, count, total] = [4, 6, 8, 10].map((offset) => zip.readUInt16LE(end + offset))
  const centralOffset = zip.readUInt32LE(end + 16)
  if (disk !== 0 || centralDisk !== 0 || count !== total)
    throw new Unlawful('the zip is one of several parts')
  if (zip.readUInt16LE(end + 20) !== 0) throw new Unlawful('the zip has a comment')
  if (centralOffset + zip.readUInt32LE(end + 12) !== end)
    throw new Unlawful('the directory is not where the zip says, or it is a zip64')
  const records: CentralRecord[] = []
  let at = centralOffset
  while (at < end) {
    const length = 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
    records.push(readCentralRecord(zip, at))
    at += length
  }
  if (at !== end || records.length !== count) throw new Unlawful('the directory does not hold what it says')
  return { records, centralOffset }
}

function readCentralRecord(zip: Buffer, at: number): CentralRecord {
  if (zip.readUInt32LE(at) !== CENTRAL) throw new Unlawful('the directory holds something else than records')
  const nameEnd = at + 46 + zip.readUInt16LE(at + 28)
  checkExtra(zip.subarray(nameEnd, nameEnd + zip.readUInt16LE(at + 30)))
  const record: CentralRecord = {
    name: zip.toString('latin1', at + 46, nameEnd),
    flags: zip.readUInt16LE(at + 8),
    method: zip.readUInt16LE(at + 10),
    crc: zip.readUInt32LE(at + 16),
    packedBytes: zip.readUInt32LE(at + 20),
    unpackedBytes: zip.readUInt32LE(at + 24),
    offset: zip.readUInt32LE(at + 42),
  }
  if ((record.flags & ~LAWFUL_FLAGS) !== 0)
    throw new Unlawful('a file is encrypted, or flagged in an unknown way')
  if (record.method !== 0 && record.method !== 8) throw new Unlawful('a file is neither stored nor deflated')
  if (zip.readUInt16LE(at + 34) !== 0) throw new Unlawful('the zip is one of several parts')
  checkAttributes(record, zip.readUInt32LE(at + 38))
  return record
}

/** Zip64 sizes (0x0001) and second names (0x7075) are what one reader obeys and another does not. */
function checkExtra(extra: Buffer): void {
  for (let at = 0; at < extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    const id = extra.readUInt16LE(at)
    if (id === 0x0001 || id === 0x7075) throw new Unlawful('a file has zip64 sizes or a second name')
  }
}

/** The upper half holds a Unix mode: only plain files and folders, no links, devices or sockets. */
function checkAttributes({ name, packedBytes, unpackedBytes }: CentralRecord, attributes: number): void {
  const type = (attributes >>> 16) & 0xf000
  const isFolder = name.endsWith('/')
  if (type !== 0 && type !== (isFolder ? 0x4000 : 0x8000))
    throw new Unlawful('the zip holds a link or a device')
  if (isFolder && (packedBytes > 2 || unpackedBytes !== 0)) throw new Unlawful('a folder has content')
}

function checkNames(records: readonly CentralRecord[]): void {
  const files = new Set<string>()
  const folders = new Set<string>()
  for (const { name } of records) {
    const isFolder = name.endsWith('/')
    const path = isFolder ? name.slice(0, -1) : name
    if (!isPackPath(path))
      throw new Unlawful('a name could leave the folder it is unpacked into, or is no name of a pack')
    // Some systems do not tell capitals apart: there the second file would replace the first.
    const key = path.toLowerCase()
    if (files.has(key) || (isFolder && folders.has(key))) throw new Unlawful(`the name ${path} stands twice`)
    const named = isFolder ? folders : files
    named.add(key)
  }
  for (const key of [...files, ...folders])
    for (let at = key.lastIndexOf('/'); at > 0; at = key.lastIndexOf('/', at - 1))
      if (files.has(key.slice(0, at))) throw new Unlawful(`${key.slice(0, at)} is both a file and a folder`)
  for (const key of folders) if (files.has(key)) throw new Unlawful(`${key} is both a file and a folder`)
}

function readRecord(
  zip: Buffer,
  record: CentralRecord,
  centralOffset: number,
): { readonly bytes: Uint8Array; readonly end: number } {
  const at = record.offset
  if (zip.readUInt32LE(at) !== LOCAL) throw new Unlawful('a file does not begin where the directory says')
  const nameEnd = at + 30 + zip.readUInt16LE(at + 26)
  const dataStart = nameEnd + zip.readUInt16LE(at + 28)
  const dataEnd = dataStart + record.packedBytes
  checkExtra(zip.subarray(nameEnd, dataStart))
  const hasDescriptor = (record.flags & HAS_DESCRIPTOR) !== 0
  const [crc, packed, unpacked] = [14, 18, 22].map((offset) => zip.readUInt32LE(at + offset))
  const sizesAgree = crc === record.crc && packed === record.packedBytes && unpacked === record.unpackedBytes
  const agrees =
    zip.toString('latin1', at + 30, nameEnd) === record.name &&
    zip.readUInt16LE(at + 6) === record.flags &&
    zip.readUInt16LE(at + 8) === record.method &&
    (sizesAgree || (hasDescriptor && crc === 0 && packed === 0 && unpacked === 0))
  if (!agrees) throw new Unlawful('a file and the directory disagree')
  if (dataEnd > centralOffset) throw new Unlawful('a file reaches into the directory')
  const bytes = unpack(zip.subarray(dataStart, dataEnd), record)
  return { bytes, end: hasDescriptor ? descriptorEnd(zip, dataEnd, record) : dataEnd }
}

function unpack(packed: Buffer, { method, unpackedBytes, crc }: CentralRecord): Uint8Array {
  const bytes = method === 0 ? packed : inflate(packed, unpackedBytes)
  if (bytes.length !== unpackedBytes) throw new Unlawful('a file is not as long as the directory says')
  if (crc32(bytes) !== crc) throw new Unlawful('the checksum of a file is wrong')
  return bytes
}

function inflate(packed: Buffer, unpackedBytes: number): Buffer {
  let result: { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } }
  try {
    // One byte more than promised is enough to see a lie, and all that a bomb gets.
    result = inflateRawSync(packed, { maxOutputLength: unpackedBytes + 1, info: true }) as never
  } catch {
    throw new Unlawful('a file does not unpack to what the directory says')
  }
  if (result.engine.bytesWritten !== packed.length)
    throw new Unlawful('bytes follow the end of a packed file')
  return result.buffer
}

/** With or without its signature, which the format leaves open; its numbers are those of the directory. */
function descriptorEnd(zip: Buffer, at: number, record: CentralRecord): number {
  const start = zip.readUInt32LE(at) === DESCRIPTOR && zip.readUInt32LE(at + 4) === record.crc ? at + 4 : at
  const [crc, packed, unpacked] = [0, 4, 8].map((offset) => zip.readUInt32LE(start + offset))
  if (crc !== record.crc || packed !== record.packedBytes || unpacked !== record.unpackedBytes)
    throw new Unlawful('a file and the directory disagree')
  return start + 12
}
