/** A backup or a restore that is killed, cut short, changed or has no room leaves nothing that somebody could believe. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { begin, run } from './cli.ts'
import { killAll, startServer, tryStart, type Folders, type ServerProcess } from './server-process.ts'
import { attach, setUpTeam, type Team } from './team.ts'

const folder = mkdtempSync(join(tmpdir(), 'fortnight-interrupted-'))
const first: Folders = { data: join(folder, 'first'), keys: join(folder, 'keys') }
const file = join(folder, 'whole.tar.gz')
const passphrase = { FORTNIGHT_KEYS_PASSPHRASE: randomBytes(12).toString('hex') }
const BALLAST_FILES = 6
const BALLAST_BYTES = 8 * 1024 * 1024

let server: ServerProcess
let team: Team
const at = () => ({ url: server.url, token: team.token })
const mounted: string[] = []

const backUp = async (): Promise<void> => {
  const done = await run(['backup', '-o', file], first, at())
  assert.equal(done.code, 0, done.err)
}

before(async () => {
  server = await startServer(first)
  team = await setUpTeam(server)
  // Noise does not compress: enough of it that there is time to interrupt, and more than a small disk holds.
  for (let n = 0; n < BALLAST_FILES; n++) await attach(team.send, randomBytes(BALLAST_BYTES))
  await backUp()
})
after(async () => {
  await killAll()
  for (const path of mounted) execFileSync('umount', [path])
  rmSync(folder, { recursive: true, force: true })
})

const until = async (what: string, holds: () => boolean): Promise<void> => {
  const deadline = Date.now() + 60_000
  while (!holds()) {
    assert.ok(Date.now() < deadline, `it never came to be that ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

const emptyFolder = (name: string): string => {
  const path = join(folder, name)
  mkdirSync(path)
  return path
}
const partIn = (path: string): string | undefined =>
  readdirSync(path).find((name) => name.includes('.part-') && statSync(join(path, name)).size > 1_000_000)

test('killed in the middle, `backup` leaves no file under the name of a backup', async () => {
  const target = emptyFolder('killed-client')
  const { child, ended } = begin(['backup', '-o', join(target, 'b.tar.gz')], first, at())
  await until('the backup is under way', () => partIn(target) !== undefined)
  child.kill('SIGKILL')
  await ended
  assert.equal(existsSync(join(target, 'b.tar.gz')), false)
  // What lies there is known for what it is, and the server is free for the next backup.
  const part = join(target, partIn(target) ?? '')
  const looked = await run(['restore', part, '--check'], first)
  assert.equal(looked.code, 1)
  assert.match(looked.err, /cut short|ends in the middle/)
  for (;;) {
    const again = await run(['backup', '-o', join(target, 'b.tar.gz')], first, at())
    if (again.code === 0) break
    assert.match(again.err, /A backup is being taken/)
  }
})

test('when the server dies in the middle, `backup` says so and keeps nothing', async () => {
  const target = emptyFolder('killed-server')
  const { ended } = begin(['backup', '-o', join(target, 'b.tar.gz')], first, at())
  await until('the backup is under way', () => partIn(target) !== undefined)
  await server.kill()
  const done = await ended
  assert.equal(done.code, 1)
  assert.match(done.err, /broke off in the middle/)
  assert.deepEqual(readdirSync(target), [])
  server = await startServer(first)
})

test('a file that is cut short or changed in one byte changes nothing', async () => {
  const size = statSync(file).size
  const damage: [string, (path: string) => void][] = [
    ['cut-at-the-end', (path) => truncateSync(path, size - 1)],
    ['cut-in-the-middle', (path) => truncateSync(path, Math.floor(size / 2))],
    ['cut-at-the-start', (path) => truncateSync(path, 5)],
    ['changed', (path) => flipByte(path, Math.floor(size * 0.7))],
  ]
  for (const [name, spoil] of damage) {
    const spoilt = join(folder, `${name}.tar.gz`)
    copyFileSync(file, spoilt)
    spoil(spoilt)
    const data = emptyFolder(`data-${name}`)
    const done = await run(['restore', spoilt, '--data', data], { data, keys: first.keys })
    assert.equal(done.code, 1, `${name}: ${done.out}`)
    assert.match(done.err, /cut short|ends in the middle|was changed or is damaged|is not a backup/, name)
    assert.match(done.err, /Nothing was restored/, name)
    assert.deepEqual(readdirSync(data), [], name)
    rmSync(spoilt)
  }
})

const flipByte = (path: string, offset: number): void => {
  const handle = openSync(path, 'r+')
  const byte = Buffer.alloc(1)
  readSync(handle, byte, 0, 1, offset)
  writeSync(handle, Buffer.from([(byte[0] ?? 0) ^ 0x10]), 0, 1, offset)
  closeSync(handle)
}

test('killed in the middle, `restore` leaves a folder that no server starts on, and can be repeated', async () => {
  const data = emptyFolder('killed-restore')
  const folders = { data, keys: first.keys }
  const blobs = join(data, 'blobs')
  const { child, ended } = begin(['restore', file, '--data', data], folders)
  const hasFiles = (): boolean =>
    existsSync(blobs) && readdirSync(blobs, { recursive: true }).some((name) => String(name).endsWith('.enc'))
  await until('files are being restored', hasFiles)
  const [program] = execFileSync('pgrep', ['-P', String(child.pid)])
    .toString()
    .split('\n')
  process.kill(Number(program), 'SIGKILL')
  await ended
  const started = await tryStart(folders)
  assert.match('refused' in started ? started.refused : 'it started', /a restore that was never finished/)
  const again = await run(['restore', file, '--data', data], folders)
  assert.equal(again.code, 0, again.err)
  assert.match(again.out, /interrupted restore had left here was cleared away/)
  const restored = await startServer(folders)
  assert.match(restored.said(), /held after a restore/)
  await restored.stop()
})

test('a folder or a database that holds something is refused and left as it is', async () => {
  const before = readdirSync(first.data).sort()
  const done = await run(['restore', file, '--data', first.data], first)
  assert.equal(done.code, 1)
  assert.match(done.err, /is not empty \(.+\)\. A restore fills an empty folder/)
  assert.deepEqual(readdirSync(first.data).sort(), before)
})

/** A disk of its own that is soon full; only root may mount one. */
const smallDisk = (name: string, megabytes: number): string | undefined => {
  const path = emptyFolder(name)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'fortnight-test', path], {
      stdio: 'ignore',
    })
  } catch {
    return undefined
  }
  mounted.push(path)
  return path
}
const noMount = 'a small disk cannot be mounted here (not root, or no right to mount)'

test('a full disk under `backup` is told in a sentence, and nothing is kept', async (t) => {
  const disk = smallDisk('small-backup', 20)
  if (disk === undefined) return t.skip(noMount)
  const done = await run(['backup', '-o', join(disk, 'b.tar.gz')], first, at())
  assert.equal(done.code, 1)
  assert.match(done.err, /The disk of .* is full\. Nothing was kept/)
  assert.deepEqual(readdirSync(disk), [])
})

test('a full disk under `restore` is told in a sentence, whichever part of it finds no room', async (t) => {
  for (const megabytes of [30, 90]) {
    const disk = smallDisk(`small-restore-${megabytes}`, megabytes)
    if (disk === undefined) return t.skip(noMount)
    const done = await run(['restore', file, '--data', disk], { data: disk, keys: first.keys })
    assert.equal(done.code, 1, done.out)
    assert.match(done.err, /is full/, `${megabytes} MB`)
    assert.match(done.err, /Nothing was restored/)
    assert.deepEqual(readdirSync(disk), [], `${megabytes} MB`)
  }
})

test('without its keys a restored installation does not start, and with them it does', async () => {
  const data = emptyFolder('without-keys')
  const folders = { data, keys: join(folder, 'keys-brought-back') }
  const safe = emptyFolder('safe')
  const kept = await run(['keys-backup', '-o', join(safe, 'keys.json')], first, undefined, passphrase)
  assert.equal(kept.code, 0, kept.err)
  const done = await run(['restore', file, '--data', data], folders)
  assert.equal(done.code, 0, done.err)
  assert.match(done.out, /Its keys are not in .*keys-restore/)
  const early = await tryStart(folders)
  assert.match('refused' in early ? early.refused : 'it started', /its keys are not in .*keys-restore/)
  assert.equal(existsSync(join(folders.keys, 'root.key')), false, 'no key was made up')
  const brought = await run(['keys-restore', join(safe, 'keys.json')], folders, undefined, passphrase)
  assert.equal(brought.code, 0, brought.err)
  const started = await startServer(folders)
  await started.stop()
})
