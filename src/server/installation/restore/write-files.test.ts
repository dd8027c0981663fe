/** Files come back where they were and whole, and one that could not be written is never passed over. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openFileWriter } from './write-files.ts'

const root = mkdtempSync(join(tmpdir(), 'fortnight-files-'))
after(() => rmSync(root, { recursive: true, force: true }))

async function* pieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 50_000) yield bytes.subarray(at, at + 50_000)
}

test('small and large files are what they were, and nobody else may read them', async () => {
  const writer = await openFileWriter(join(root, 'blobs'))
  const files = [0, 1, 700, 60_000, 1_048_576, 1_048_577, 3_000_000].map((size, n) => ({
    name: `recordings/${n % 3}/${size}`,
    bytes: randomBytes(size),
  }))
  for (const { name, bytes } of files) await writer.write(name, bytes.length, pieces(bytes))
  await writer.flush()
  for (const { name, bytes } of files) {
    const file = join(root, 'blobs', `${name}.enc`)
    assert.deepEqual(readFileSync(file), bytes)
    assert.equal(statSync(file).mode & 0o077, 0)
  }
})

test('a small file that cannot be written is told at the latest when everything must be there', async () => {
  const folder = join(root, 'in-the-way')
  mkdirSync(folder)
  writeFileSync(join(folder, 'taken.enc'), 'somebody else’s')
  const writer = await openFileWriter(folder)
  const told = (async () => {
    await writer.write('taken', 5, pieces(Buffer.from('bytes')))
    for (let n = 0; n < 20; n++) await writer.write(`after-${n}`, 1, pieces(Buffer.from('x')))
    await writer.flush()
  })()
  await assert.rejects(told, /EEXIST/)
  assert.equal(readFileSync(join(folder, 'taken.enc'), 'utf8'), 'somebody else’s')
})
