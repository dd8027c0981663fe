/** Keys leave the machine only under a passphrase, never beside the data, and come back without overwriting any. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { TAR_END, tarHeader, tarPadding } from '../../domain/installation/backup/tar.ts'
import type { Io } from '../shell/io.ts'
import { runCommand } from '../shell/run.ts'
import { installationCommands } from './index.ts'
import { openKeys } from './sealed-keys.ts'

const root = mkdtempSync(join(tmpdir(), 'fortnight-keys-'))
after(() => rmSync(root, { recursive: true, force: true }))

const passphrase = randomBytes(12).toString('hex')
let data: string
let keys: string
let safe: string
let n = 0
beforeEach(() => {
  const folder = join(root, String(++n))
  data = join(folder, 'data')
  keys = join(data, 'keys')
  safe = join(folder, 'safe')
  for (const path of [keys, safe]) mkdirSync(path, { recursive: true })
  writeFileSync(join(keys, 'root.key'), randomBytes(32))
  writeFileSync(join(keys, 'ledger.key'), `made-up ${randomBytes(8).toString('hex')}`)
  writeFileSync(join(keys, 'ledger-heads.json'), '{"v":1}')
})

const run = async (argv: string[], more: Record<string, string> = {}) => {
  const out: string[] = []
  const err: string[] = []
  const io: Io = {
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    env: { FORTNIGHT_DATA: data, FORTNIGHT_KEYS_PASSPHRASE: passphrase, ...more },
    isTerminal: false,
  }
  const code = await runCommand(installationCommands, argv, io)
  return { code, out: out.join('\n'), err: err.join('\n') }
}
const backUpKeys = async (name = 'keys.json'): Promise<string> => {
  const done = await run(['keys-backup', '-o', join(safe, name)])
  assert.equal(done.code, 0, done.err)
  return join(safe, name)
}
const contents = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [name, readFileSync(join(folder, name)).toString('hex')]),
  )

test('what was backed up comes back, byte for byte, and only its owner may read it', async () => {
  const file = await backUpKeys()
  const elsewhere = join(root, `elsewhere-${n}`)
  const done = await run(['keys-restore', file, '--keys', elsewhere])
  assert.equal(done.code, 0, done.err)
  assert.deepEqual(contents(elsewhere), contents(keys))
  for (const name of readdirSync(elsewhere))
    assert.equal(statSync(join(elsewhere, name)).mode & 0o077, 0, name)
  assert.equal(statSync(file).mode & 0o077, 0)
})

test('the file shows nothing of the keys, and two of them share nothing', async () => {
  const [first, second] = [readFileSync(await backUpKeys('a.json')), readFileSync(await backUpKeys('b.json'))]
  for (const name of readdirSync(keys)) {
    const bytes = readFileSync(join(keys, name))
    for (const form of [bytes, bytes.toString('base64').slice(0, 20), bytes.toString('hex'), name])
      assert.ok(!first.includes(form), `${name} shows`)
  }
  const parts = (file: Buffer) =>
    JSON.parse(file.toString()) as { sealed: string; nonce: string; scrypt: { salt: string } }
  assert.notEqual(parts(first).sealed.slice(0, 30), parts(second).sealed.slice(0, 30))
  assert.notEqual(parts(first).scrypt.salt, parts(second).scrypt.salt)
})

test('a wrong passphrase, and a file changed anywhere, open nothing and write nothing', async () => {
  const file = await backUpKeys()
  const text = readFileSync(file, 'utf8')
  const wrong = await run(['keys-restore', file, '--keys', join(safe, 'k')], {
    FORTNIGHT_KEYS_PASSPHRASE: 'some other words',
  })
  assert.equal(wrong.code, 1)
  assert.match(wrong.err, /passphrase is wrong, or the file was changed/)
  assert.equal(existsSync(join(safe, 'k')), false)
  const sealed = JSON.parse(text)
  const bytes = Buffer.from(sealed.sealed, 'base64')
  bytes[3] = (bytes[3] ?? 0) ^ 1
  for (const changed of [
    { ...sealed, madeAt: 5 },
    { ...sealed, sealed: bytes.toString('base64') },
  ])
    await assert.rejects(openKeys(JSON.stringify(changed), passphrase), /the file was changed/)
  await assert.rejects(
    openKeys(JSON.stringify({ ...sealed, scrypt: { ...sealed.scrypt, N: 2 ** 30 } }), passphrase),
    /not a backup of keys/,
  )
  await assert.rejects(openKeys('{}', passphrase), /not a backup of keys/)
})

test('a short passphrase, and none, are refused before anything is written', async () => {
  const short = await run(['keys-backup', '-o', safe], { FORTNIGHT_KEYS_PASSPHRASE: 'short' })
  assert.match(short.err, /at least 12 characters/)
  const none = await run(['keys-backup', '-o', safe], { FORTNIGHT_KEYS_PASSPHRASE: '' })
  assert.equal(none.code, 1)
  const fromFile = join(safe, 'phrase')
  writeFileSync(fromFile, `${passphrase}\n`)
  const good = await run(['keys-backup', '-o', join(safe, 'k.json'), '--passphrase-file', fromFile], {
    FORTNIGHT_KEYS_PASSPHRASE: '',
  })
  assert.equal(good.code, 0, good.err)
  assert.deepEqual(readdirSync(safe).sort(), ['k.json', 'phrase'])
})

const dataBackup = (): Buffer => {
  const head = Buffer.from('{\n "format": "fortnight-backup",\n "v": 1\n}\n')
  return gzipSync(
    Buffer.concat([tarHeader('backup.json', head.length, 0), head, tarPadding(head.length), TAR_END]),
  )
}

test('keys do not go where data backups are, whatever these are called, nor into the data folder', async () => {
  writeFileSync(join(safe, 'some-name'), dataBackup())
  const beside = await run(['keys-backup', '-o', safe])
  assert.equal(beside.code, 1)
  assert.match(beside.err, /some-name is a backup of the data/)
  const inside = await run(['keys-backup', '-o', join(data, 'keys.json')])
  assert.match(inside.err, /lies in the data folder/)
  assert.deepEqual(readdirSync(safe), ['some-name'])
})

test('and data does not go where a backup of keys is', async () => {
  await backUpKeys('something.txt')
  const done = await run(['backup', '-o', safe], {
    FORTNIGHT_URL: 'http://127.0.0.1:9',
    FORTNIGHT_TOKEN: 'x',
  })
  assert.equal(done.code, 1)
  assert.match(done.err, /something\.txt is a backup of the keys/)
})

test('a key that is there and is another one stops everything; the same one is no trouble', async () => {
  const file = await backUpKeys()
  const same = await run(['keys-restore', file])
  assert.match(same.out, /holds these keys already/)
  writeFileSync(join(keys, 'root.key'), randomBytes(32))
  rmSync(join(keys, 'ledger.key'))
  const before = contents(keys)
  const other = await run(['keys-restore', file])
  assert.equal(other.code, 1)
  assert.match(other.err, /root\.key exists and is another key/)
  assert.deepEqual(contents(keys), before)
})

test('heads that the ledger has signed since are not forgotten by bringing keys back', async () => {
  const file = await backUpKeys()
  writeFileSync(join(keys, 'ledger-heads.json'), '{"v":1,"newer":true}')
  rmSync(join(keys, 'ledger.key'))
  assert.equal((await run(['keys-restore', file])).code, 0)
  assert.equal(readFileSync(join(keys, 'ledger-heads.json'), 'utf8'), '{"v":1,"newer":true}')
  assert.ok(existsSync(join(keys, 'ledger.key')))
})

test('drafts of killed processes are left behind, files of newer versions are not', async () => {
  writeFileSync(join(keys, 'root.key.4711.0a1b2c3d'), 'draft')
  writeFileSync(join(keys, 'ledger-heads.json.4711'), 'draft')
  mkdirSync(join(keys, 'environments'))
  writeFileSync(join(keys, 'environments', 'acme.key'), 'another kind of key')
  const files = await openKeys(readFileSync(await backUpKeys(), 'utf8'), passphrase)
  assert.deepEqual(Object.keys(files).sort(), [
    'environments/acme.key',
    'ledger-heads.json',
    'ledger.key',
    'root.key',
  ])
})

test('nothing is overwritten, and a folder that may not be written is told', async (t) => {
  const file = await backUpKeys()
  const again = await run(['keys-backup', '-o', file])
  assert.match(again.err, /exists already/)
  assert.equal((await run(['keys-backup'])).code, 3)
  assert.match((await run(['keys-backup', '-o', safe, '--keys', safe])).err, /no root\.key/)
  if (process.getuid?.() === 0)
    return t.diagnostic('root may write everywhere: the last question was not asked')
  chmodSync(safe, 0o500)
  assert.match((await run(['keys-backup', '-o', join(safe, 'x.json')])).err, /may not be written/)
})

test('a restore of keys knows the newer head of each log, whether the folder or the backup has it', async () => {
  const heads = (sizes: Record<string, number>): string =>
    JSON.stringify({
      v: 1,
      installation: 'one',
      logs: Object.fromEntries(
        Object.entries(sizes).map(([log, size]) => [log, { size, root: 'r', note: 'n' }]),
      ),
    })
  const file = join(keys, 'ledger-heads.json')
  writeFileSync(file, heads({ a: 9, b: 2, c: 1 }))
  const kept = await backUpKeys()
  rmSync(file)
  assert.equal((await run(['keys-restore', kept])).code, 0)
  assert.equal(readFileSync(file, 'utf8'), heads({ a: 9, b: 2, c: 1 }), 'an empty machine learns them')
  writeFileSync(file, heads({ a: 5, b: 7 }))
  assert.equal((await run(['keys-restore', kept])).code, 0)
  const { logs } = JSON.parse(readFileSync(file, 'utf8')) as { logs: Record<string, { size: number }> }
  assert.deepEqual(
    Object.entries(logs).map(([log, { size }]) => [log, size]),
    [
      ['a', 9],
      ['b', 7],
      ['c', 1],
    ],
  )
})

test('a rotated key is another key, and what both signed is in the next backup', async () => {
  const { generateKeyPairSync } = await import('node:crypto')
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  writeFileSync(join(keys, 'ledger.key'), pem)
  const wrong = await run(['keys-rotate'])
  assert.equal(wrong.code, 3)
  assert.equal((await run(['keys-rotate', '--reason', 'Somebody left'])).code, 0)
  assert.notEqual(readFileSync(join(keys, 'ledger.key'), 'utf8'), pem)
  assert.equal(statSync(join(keys, 'ledger.key')).mode & 0o777, 0o600)
  const files = await openKeys(readFileSync(await backUpKeys('rotated.json'), 'utf8'), passphrase)
  assert.match(files['ledger-rotations.json']!.toString(), /Somebody left/)
  writeFileSync(join(keys, 'ledger.key'), 'no key at all')
  assert.match((await run(['keys-rotate', '--reason', 'x'])).err, /no ledger key/)
})
