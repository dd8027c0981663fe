/** Our archives are what `tar` makes and reads, and a spoilt one is never taken for a whole one. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { readTar, TAR_END, tarHeader, tarPadding } from './tar.ts'
import { UnusableBackup } from './unusable-backup.ts'

const folder = mkdtempSync(join(tmpdir(), 'fortnight-tar-'))
after(() => rmSync(folder, { recursive: true, force: true }))

type File = readonly [name: string, bytes: Uint8Array]

const written = (files: readonly File[]): Buffer =>
  Buffer.concat([
    ...files.flatMap(([name, bytes]) => [
      tarHeader(name, bytes.length, 1_700_000_000_000),
      bytes,
      tarPadding(bytes.length),
    ]),
    TAR_END,
  ])

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const read = async (bytes: Uint8Array, size = 1_000): Promise<File[]> => {
  const files: File[] = []
  for await (const entry of readTar(pieces(bytes, size))) {
    const parts: Uint8Array[] = []
    for await (const part of entry.bytes) parts.push(part)
    files.push([entry.name, Buffer.concat(parts)])
  }
  return files
}

const part = fc.stringMatching(/^[a-z0-9-]{1,60}$/)
const name = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'))
const someFiles = fc.uniqueArray(fc.tuple(name, fc.uint8Array({ maxLength: 1_500 })), {
  selector: ([given]) => given,
  maxLength: 6,
})

test('what is written is read back, however the stream is cut', () =>
  fc.assert(
    fc.asyncProperty(someFiles, fc.integer({ min: 1, max: 2_000 }), async (files, size) => {
      const back = await read(written(files), size)
      assert.deepEqual(
        back.map(([given, bytes]) => [given, [...bytes]]),
        files.map(([given, bytes]) => [given, [...bytes]]),
      )
    }),
  ))

test('`tar` lists and unpacks what we write, and we read what it packs', async () => {
  const files: File[] = [
    ['backup.json', Buffer.from('{}')],
    [`blobs/${'recordings/'.repeat(12)}last.enc`, Buffer.alloc(513, 7)],
    ['empty', new Uint8Array(0)],
  ]
  writeFileSync(join(folder, 'ours.tar'), written(files))
  const out = join(folder, 'out')
  mkdirSync(out)
  execFileSync('tar', ['-xf', join(folder, 'ours.tar'), '-C', out])
  for (const [given, bytes] of files) assert.deepEqual([...readFileSync(join(out, given))], [...bytes])
  assert.ok(files.every(([given]) => dirname(given).length < 200))
  execFileSync('tar', [
    '--format=ustar',
    '-b1',
    '-cf',
    join(folder, 'theirs.tar'),
    '-C',
    out,
    'empty',
    'backup.json',
  ])
  const theirs = await read(readFileSync(join(folder, 'theirs.tar')))
  assert.deepEqual(
    theirs.map(([given, bytes]) => [given, Buffer.from(bytes).toString()]),
    [
      ['empty', ''],
      ['backup.json', '{}'],
    ],
  )
})

test('an archive that is cut anywhere is refused', async () => {
  const whole = written([
    ['a', Buffer.alloc(700, 1)],
    ['b', Buffer.alloc(10, 2)],
  ])
  for (let length = 0; length < whole.length; length += 37)
    await assert.rejects(read(whole.subarray(0, length)), UnusableBackup, `cut at ${length}`)
  await assert.rejects(read(Buffer.concat([whole, Buffer.alloc(1)])), UnusableBackup)
})

test('anything but a regular file, and a header that does not add up, is refused', async () => {
  const link = Buffer.from(written([['a', new Uint8Array(0)]]))
  link[156] = '2'.charCodeAt(0)
  await assert.rejects(read(link), /does not add up/)
  // With its checksum made right again.
  const sum = Number.parseInt(link.subarray(148, 154).toString(), 8) + 2
  link.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  await assert.rejects(read(link), /not a file/)
  await assert.rejects(read(Buffer.alloc(2048, 65)), /not a backup/)
})

test('a name that fits no header is refused when it is written', () => {
  assert.throws(() => tarHeader('x'.repeat(101), 1, 0), /too long/)
  assert.throws(() => tarHeader(`${'x'.repeat(160)}/y`, 1, 0), /too long/)
  assert.throws(() => tarHeader('x', 8 ** 11, 0), /too large/)
})
