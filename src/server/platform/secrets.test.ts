/** The keys of an installation: made once however many start, readable by their owner only, and useless when damaged. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { promisify } from 'node:util'
import { openSecrets } from './secrets.ts'

let folder: string
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'fortnight-keys-')), 'keys')
})
afterEach(() => rmSync(join(folder, '..'), { recursive: true }))

test('processes that start at once on an empty folder end up with the same keys, and leave no drafts', async () => {
  const script = `import { openSecrets } from ${JSON.stringify(join(import.meta.dirname, 'secrets.ts'))}
    console.log(openSecrets(${JSON.stringify(folder)}).derive('test').toString('hex'))`
  const outputs = await Promise.all(
    Array.from({ length: 6 }, () =>
      promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]),
    ),
  )
  assert.equal(new Set(outputs.map(({ stdout }) => stdout)).size, 1)
  assert.deepEqual(readdirSync(folder).sort(), ['ledger.key', 'push.key', 'root.key'])
})

test('key files and their folder are their owner’s alone', () => {
  openSecrets(folder)
  assert.equal(statSync(folder).mode & 0o777, 0o700)
  for (const name of readdirSync(folder)) assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600, name)
})

test('each purpose has a key of its own, the same after a restart', () => {
  const [first, again] = [openSecrets(folder), openSecrets(folder)]
  assert.deepEqual(first.derive('a'), again.derive('a'))
  assert.notDeepEqual(first.derive('a'), first.derive('b'))
  assert.equal(first.derive('a').length, 32)
})

test('what is sealed opens for its purpose only, and not when a bit of it has changed', () => {
  const secrets = openSecrets(folder)
  const sealed = secrets.seal('a', Buffer.from('words'))
  assert.equal(secrets.open('a', sealed).toString(), 'words')
  assert.ok(!sealed.includes('words'))
  assert.notDeepEqual(secrets.seal('a', Buffer.from('words')), sealed)
  assert.throws(() => secrets.open('b', sealed))
  for (let index = 0; index < sealed.length; index++) {
    const damaged = Buffer.from(sealed)
    damaged[index] = (damaged[index] ?? 0) ^ 1
    assert.throws(() => secrets.open('a', damaged))
  }
  assert.throws(() => secrets.open('a', sealed.subarray(0, 5)))
})

test('a damaged root key is refused with the way to get it back', () => {
  openSecrets(folder)
  writeFileSync(join(folder, 'root.key'), 'short')
  assert.throws(() => openSecrets(folder), /root\.key is damaged.*Restore it from the key backup/)
})
