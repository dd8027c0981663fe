/** The zip reader against zips of others, hostile ones, and every single damaged byte. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { strToU8, zipSync } from 'fflate'
import { crc32 } from '../../domain/evidence/audit-packs/index.ts'
import { readZip } from './zip-read.ts'
import type { ZipFault } from './zip-read.ts'
import { writeZip, zipOfFiles } from './zip-write.ts'

const MIB = 1024 * 1024
const runs = { numRuns: Number(process.env['FORTNIGHT_RUNS'] ?? 100) }

const faultOf = (zip: Uint8Array, maxUnpackedBytes = MIB): ZipFault | undefined => {
  const answer = readZip(zip, maxUnpackedBytes)
  return 'kind' in answer ? answer : undefined
}
const filesOf = (zip: Uint8Array): Record<string, string> => {
  const answer = readZip(zip, 64 * MIB)
  assert.ok(!('kind' in answer), 'kind' in answer ? answer.detail : '')
  return Object.fromEntries(
    [...answer.files].map(([name, bytes]) => [name, Buffer.from(bytes).toString('latin1')]),
  )
}
const bytes = (text: string): Uint8Array => Buffer.from(text)
const small = [
  { name: 'a.txt', bytes: bytes('hello hello hello hello hello') },
  { name: 'log/b.bin', bytes: bytes('x') },
]

test('what is written is read, and the same files give the same zip', () => {
  const name = fc.stringMatching(/^[a-z]{1,5}(?:\/[a-z]{1,5})?\.[a-z]{1,3}$/)
  fc.assert(
    fc.property(fc.dictionary(name, fc.uint8Array({ maxLength: 300 }), { maxKeys: 8 }), (content) => {
      const files = new Map(Object.entries(content))
      const zip = zipOfFiles(files)
      assert.deepEqual(zipOfFiles(new Map([...files].reverse())), zip)
      const answer = readZip(zip, MIB)
      assert.ok(!('kind' in answer))
      assert.deepEqual(
        Object.fromEntries([...answer.files].map(([key, value]) => [key, [...value]])),
        Object.fromEntries([...files].map(([key, value]) => [key, [...value]])),
      )
    }),
    runs,
  )
})

test('a zip made by another library is read, folders and all', () => {
  const zip = zipSync(
    { 'a.txt': strToU8('hello '.repeat(50)), log: { 'b.txt': strToU8('x') } },
    { mtime: new Date(1980, 0, 1), level: 6 },
  )
  assert.deepEqual(filesOf(zip), { 'a.txt': 'hello '.repeat(50), 'log/b.txt': 'x' })
  const withFolder = writeZip([{ name: 'log/', bytes: bytes(''), mode: 0o40755 }, ...small])
  assert.deepEqual(Object.keys(filesOf(withFolder)), ['a.txt', 'log/b.bin'])
})

test('no damaged byte passes for other content', () => {
  const zip = writeZip(small)
  const honest = filesOf(zip)
  for (let at = 0; at < zip.length; at++) {
    for (const bit of [1, 0x80]) {
      const damaged = zip.map((byte, i) => (i === at ? byte ^ bit : byte))
      const answer = readZip(damaged, MIB)
      // Times, versions and modes may change; names and content may not.
      if ('kind' in answer) continue
      assert.deepEqual(filesOf(damaged), honest, `byte ${at}`)
    }
  }
  for (let length = 0; length < zip.length; length++)
    assert.ok(faultOf(zip.subarray(0, length)), `cut at ${length}`)
})

test('a name that leads out of the folder, or is no name of a pack, is refused', () => {
  for (const name of [
    '../evil',
    'a/../../evil',
    '/etc/passwd',
    'C:\\evil',
    'a\\b',
    './a',
    'a//b',
    '',
    'a\u0000b',
    'nul\u00e9',
    'a b',
    '~/x',
    'x'.repeat(201),
  ])
    assert.equal(faultOf(writeZip([{ name, bytes: bytes('x') }]))?.kind, 'unlawful', JSON.stringify(name))
})

test('one name twice is refused, also when only capitals differ or a file is also a folder', () => {
  for (const names of [
    ['a', 'a'],
    ['a', 'A'],
    ['log', 'log/b'],
    ['log/b', 'LOG'],
    ['a', 'a/'],
    ['a/', 'a/'],
  ]) {
    const zip = writeZip(
      names.map((name) => ({
        name,
        bytes: bytes(name.endsWith('/') ? '' : 'x'),
        mode: name.endsWith('/') ? 0o40755 : 0o100644,
      })),
    )
    assert.equal(faultOf(zip)?.kind, 'unlawful', names.join(' '))
  }
})

test('links and devices are refused', () => {
  for (const mode of [0o120777, 0o020666, 0o010644, 0o040755])
    assert.equal(faultOf(writeZip([{ name: 'a', bytes: bytes('/etc/passwd'), mode }]))?.kind, 'unlawful')
})

/** Writes fields of the first record: offsets within local header and central record. */
function patched(zip: Uint8Array, change: (zip: Buffer, central: number) => void): Uint8Array {
  const copy = Buffer.from(zip)
  change(copy, copy.readUInt32LE(copy.length - 6))
  return copy
}

test('a zip whose records disagree, overlap, hide bytes or are encrypted is refused', () => {
  const zip = writeZip(small)
  const changes: Readonly<Record<string, (zip: Buffer, central: number) => void>> = {
    'another local name': (copy) => copy.write('b', 30),
    'another local size': (copy) => copy.writeUInt32LE(7, 22),
    'another local checksum': (copy) => copy.writeUInt32LE(7, 14),
    encrypted: (copy, central) => void (copy.writeUInt16LE(1, 6), copy.writeUInt16LE(1, central + 8)),
    'masked headers': (copy, central) =>
      void (copy.writeUInt16LE(1 << 13, 6), copy.writeUInt16LE(1 << 13, central + 8)),
    'another method': (copy, central) => void (copy.writeUInt16LE(9, 8), copy.writeUInt16LE(9, central + 10)),
    'overlapping files': (copy, central) => copy.writeUInt32LE(0, copy.indexOf('log/b.bin', central) - 4),
    'several parts': (copy) => copy.writeUInt16LE(1, copy.length - 18),
    'fewer files than there are': (copy) =>
      void (copy.writeUInt16LE(1, copy.length - 14), copy.writeUInt16LE(1, copy.length - 12)),
  }
  for (const [what, change] of Object.entries(changes))
    assert.equal(faultOf(patched(zip, change))?.kind, 'unlawful', what)
  assert.equal(faultOf(Buffer.concat([zip, Buffer.from('tail')]))?.kind, 'unlawful')
  const comment = patched(zip, (copy) => copy.writeUInt16LE(4, copy.length - 2))
  assert.equal(faultOf(Buffer.concat([comment, Buffer.from('tail')]))?.kind, 'unlawful')
})

test('bytes between two files, where a careless reader never looks, are refused', () => {
  const zip = Buffer.from(writeZip(small))
  const second = zip.indexOf('PK\u0003\u0004', 4, 'latin1')
  const hidden = Buffer.concat([zip.subarray(0, second), Buffer.from('hide'), zip.subarray(second)])
  const central = hidden.readUInt32LE(hidden.length - 6) + 4
  hidden.writeUInt32LE(central, hidden.length - 6)
  hidden.writeUInt32LE(second + 4, hidden.indexOf('log/b.bin', central) - 4)
  assert.match(faultOf(hidden)?.detail ?? '', /bytes stand between/)
})

test('a file whose packed bytes go on after their end is refused', () => {
  // The record says 9 packed bytes, of which the stream uses fewer: a place to hide things.
  const content = bytes('hello hello hello hello')
  const packed = deflateRawSync(content)
  const zip = Buffer.from(writeZip([{ name: 'a', bytes: content }]))
  const start = zip.indexOf(packed)
  const padded = Buffer.concat([
    zip.subarray(0, start + packed.length),
    Buffer.from('!!'),
    zip.subarray(start + packed.length),
  ])
  const end = padded.length - 22
  const central = padded.readUInt32LE(end + 16) + 2
  padded.writeUInt32LE(central, end + 16)
  padded.writeUInt32LE(packed.length + 2, 18)
  padded.writeUInt32LE(packed.length + 2, central + 20)
  assert.match(faultOf(padded)?.detail ?? '', /bytes follow the end/)
})

test('a bomb is not unpacked, neither an open one nor one that lies about its size', () => {
  const bomb = writeZip([{ name: 'zeros', bytes: new Uint8Array(8 * MIB) }])
  assert.ok(bomb.length < 10_000)
  assert.equal(faultOf(bomb, MIB)?.kind, 'too-large')
  assert.equal(faultOf(bomb, 8 * MIB), undefined)
  const lying = patched(bomb, (copy, central) => {
    copy.writeUInt32LE(1000, 22)
    copy.writeUInt32LE(1000, central + 24)
  })
  // Refused while unpacking, not after: the sentence for the latter is another.
  assert.match(faultOf(lying, MIB)?.detail ?? '', /does not unpack to what/)
})

test('a streamed zip with descriptors behind its files is read, and they must agree', () => {
  const content = bytes('stream stream stream stream')
  const packed = deflateRawSync(content)
  const streamed = (crcInDescriptor: number): Uint8Array => {
    const local = Buffer.alloc(31)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(8, 6)
    local.writeUInt16LE(8, 8)
    local.writeUInt16LE(1, 26)
    local.write('a', 30)
    const descriptor = Buffer.alloc(16)
    descriptor.writeUInt32LE(0x08074b50, 0)
    descriptor.writeUInt32LE(crcInDescriptor, 4)
    descriptor.writeUInt32LE(packed.length, 8)
    descriptor.writeUInt32LE(content.length, 12)
    const central = Buffer.alloc(47)
    central.writeUInt32LE(0x02014b50, 0)
    central.writeUInt16LE(8, 8)
    central.writeUInt16LE(8, 10)
    central.writeUInt32LE(crc32(content), 16)
    central.writeUInt32LE(packed.length, 20)
    central.writeUInt32LE(content.length, 24)
    central.writeUInt16LE(1, 28)
    central.write('a', 46)
    const end = Buffer.alloc(22)
    end.writeUInt32LE(0x06054b50, 0)
    end.writeUInt16LE(1, 8)
    end.writeUInt16LE(1, 10)
    end.writeUInt32LE(central.length, 12)
    end.writeUInt32LE(local.length + packed.length + descriptor.length, 16)
    return Buffer.concat([local, packed, descriptor, central, end])
  }
  assert.deepEqual(filesOf(streamed(crc32(content))), { a: 'stream stream stream stream' })
  assert.equal(faultOf(streamed(7))?.kind, 'unlawful')
})

test('what is no zip is said to be none', () => {
  for (const other of ['', 'hello', '%PDF-1.7 something longer than a header', '\u007fELF'.padEnd(40)])
    assert.equal(faultOf(bytes(other))?.kind, 'no-zip')
  assert.deepEqual(filesOf(writeZip([])), {})
})
