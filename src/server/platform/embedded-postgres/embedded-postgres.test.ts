// Proves the built-in database on the bad days: killed processes, left-over files, odd folders, a full disk.
import assert from 'node:assert/strict'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  chownSync,
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
import { after, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { startEmbeddedPostgres } from './index.ts'

const scratch = mkdtempSync(join(tmpdir(), 'fn-pg-test-'))
after(() => rmSync(scratch, { recursive: true, force: true }))
const asRoot = process.getuid?.() === 0

const newFolder = (name: string): string => join(scratch, name)

async function query(connectionString: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(sql)).rows as Record<string, unknown>[]
  } finally {
    await client.end().catch(() => {})
  }
}

async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limitMs = 15_000,
): Promise<void> {
  const deadline = Date.now() + limitMs
  while (!(await condition())) {
    if (Date.now() > deadline) assert.fail(`not within ${limitMs} ms: ${what}`)
    await wait(20)
  }
}

/** True while the process runs; a zombie that nobody has reaped yet counts as gone. */
function runs(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z')
}

/** The children of a postmaster, its backends. */
const childrenOf = (pid: number): number[] =>
  spawnSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
    .stdout.split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === pid)
    .map(([child]) => child as number)

/** A second Node that starts a database, prints how to reach it, and lives until it is killed. */
async function startInAnotherNode(
  folder: string,
): Promise<{ node: ChildProcess; connectionString: string; pid: number }> {
  const code = `const { startEmbeddedPostgres } = await import(${JSON.stringify(join(import.meta.dirname, 'index.ts'))})
    const db = await startEmbeddedPostgres({ folder: ${JSON.stringify(folder)}, log: () => {} })
    console.log(JSON.stringify({ connectionString: db.connectionString, pid: db.pid }))`
  const node = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(node.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
  return { node, ...(JSON.parse(String(line)) as { connectionString: string; pid: number }) }
}

async function killNode(node: ChildProcess): Promise<void> {
  const gone = once(node, 'exit')
  node.kill('SIGKILL')
  await gone
}

test('the first start makes a durable cluster that only its owner can read; a later start finds the rows', async () => {
  const folder = newFolder('plain')
  const first = await startEmbeddedPostgres({ folder, log: () => {} })
  const [settings] = await query(
    first.connectionString,
    `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
            current_setting('listen_addresses') as listens, current_setting('data_checksums') as checksums,
            current_database() as name`,
  )
  assert.deepEqual(settings, { fsync: 'on', commit: 'on', listens: '', checksums: 'on', name: 'fortnight' })
  await query(first.connectionString, `create table kept as select 'yes' as answer`)
  assert.equal(statSync(folder).mode & 0o066, 0, 'nobody else may look into it')
  assert.equal(statSync(join(folder, 'password')).mode & 0o777, 0o600)
  const wrong = first.connectionString.replace(/:[^:@]+@/, ':wrong@')
  await assert.rejects(query(wrong, 'select 1'), /password authentication failed/)
  await Promise.all([first.stop(), first.stop()])
  assert.equal(runs(first.pid), false)
  const second = await startEmbeddedPostgres({ folder, log: () => {} })
  assert.deepEqual(await query(second.connectionString, 'select answer from kept'), [{ answer: 'yes' }])
  await second.stop()
  assert.match(logText(folder), /database system is shut down/)
})

const logText = (folder: string): string =>
  readdirSync(join(folder, 'log'))
    .filter((name) => name.startsWith('postgres-'))
    .map((name) => readFileSync(join(folder, 'log', name), 'utf8'))
    .join('')

test('kill -9 of the Node that started it leaves no PostgreSQL, and the committed rows are there at the next start', async () => {
  const folder = newFolder('node killed')
  const { node, connectionString, pid } = await startInAnotherNode(folder)
  await query(connectionString, 'create table kept as select generate_series(1, 1000) as n')
  await killNode(node)
  await until('PostgreSQL is gone', () => !runs(pid))
  const next = await startEmbeddedPostgres({ folder, log: () => {} })
  assert.deepEqual(await query(next.connectionString, 'select count(*)::int as n from kept'), [{ n: 1000 }])
  await next.stop()
})

test('a start right after kill -9 of Node waits for the old server instead of failing', async () => {
  const folder = newFolder('at once')
  const { node, pid } = await startInAnotherNode(folder)
  await killNode(node)
  const next = await startEmbeddedPostgres({ folder, log: () => {} })
  assert.notEqual(next.pid, pid)
  await next.stop()
})

test('kill -9 of PostgreSQL: it is started again at the same address with every committed row', async () => {
  const said: string[] = []
  const folder = newFolder('postgres killed')
  const db = await startEmbeddedPostgres({ folder, log: (line) => said.push(line) })
  await query(db.connectionString, 'create table kept (n int)')
  for (let n = 0; n < 20; n++) await query(db.connectionString, `insert into kept values (${n})`)
  const before = db.pid
  process.kill(before, 'SIGKILL')
  await until('another postmaster answers', async () => {
    if (db.pid === before) return false
    return query(db.connectionString, 'select 1').then(
      () => true,
      () => false,
    )
  })
  assert.deepEqual(await query(db.connectionString, 'select count(*)::int as n from kept'), [{ n: 20 }])
  assert.match(said.join('\n'), /ended by itself/)
  await db.stop()
})

test('a backend of a killed postmaster that is still busy never meets a second server', async () => {
  const folder = newFolder('busy backend')
  const db = await startEmbeddedPostgres({ folder, log: () => {} })
  const client = new pg.Client({ connectionString: db.connectionString })
  client.on('error', () => {})
  await client.connect()
  // Counts for a while without looking up, so it does not notice that its postmaster died.
  const busy = client.query('select count(*) from generate_series(1, 3000000) a').catch(() => {})
  const before = db.pid
  const old = childrenOf(before)
  process.kill(before, 'SIGKILL')
  await until('another postmaster runs', () => db.pid !== before)
  assert.deepEqual(old.filter(runs), [])
  await busy
  await client.end().catch(() => {})
  await db.stop()
})

test('a second start on the same folder is refused, naming the process that has it', async () => {
  const folder = newFolder('twice')
  const { node } = await startInAnotherNode(folder)
  const refusal = new RegExp(`already in use by process ${node.pid} \\(since 20.*\\)`)
  await assert.rejects(startEmbeddedPostgres({ folder, log: () => {} }), refusal)
  await killNode(node)
  const mine = await startEmbeddedPostgres({ folder, log: () => {} })
  await assert.rejects(startEmbeddedPostgres({ folder, log: () => {} }), new RegExp(`process ${process.pid}`))
  await mine.stop()
})

test('a pid file whose number now belongs to an unrelated live process does not block the start', async (t) => {
  const folder = newFolder('stale pid')
  const db = await startEmbeddedPostgres({ folder, log: () => {} })
  const pidFile = join(folder, 'cluster', 'postmaster.pid')
  const left = readFileSync(pidFile, 'utf8')
  await db.stop()
  const unrelated = spawn('sleep', ['60'])
  t.after(() => unrelated.kill())
  const { uid, gid } = statSync(join(folder, 'cluster'))
  for (const pid of [unrelated.pid, spawnSync('true').pid]) {
    writeFileSync(pidFile, left.replace(/^\d+/, String(pid)), { mode: 0o600 })
    chownSync(pidFile, uid, gid)
    const next = await startEmbeddedPostgres({ folder, log: () => {} })
    assert.deepEqual(await query(next.connectionString, 'select 1 as one'), [{ one: 1 }])
    await next.stop()
  }
  assert.equal(runs(unrelated.pid as number), true, 'the unrelated process was left alone')
})

test('a server that lost both its parent and its watchdog is stopped by the next start', async () => {
  const folder = newFolder('orphan')
  const { node, pid } = await startInAnotherNode(folder)
  const shell = Number(spawnSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }).stdout)
  for (const watcher of childrenOf(shell).filter((child) => child !== pid)) process.kill(watcher, 'SIGKILL')
  process.kill(shell, 'SIGKILL')
  await killNode(node)
  assert.equal(runs(pid), true, 'the orphan is there')
  const said: string[] = []
  const next = await startEmbeddedPostgres({ folder, log: (line) => said.push(line) })
  assert.equal(runs(pid), false)
  assert.match(said.join('\n'), /outlived/)
  await next.stop()
})

test('a folder with spaces and quotes in its name works, and so does one too deep for a socket', async () => {
  for (const name of [`it's "ours", really`, join('deep'.repeat(20), 'deeper'.repeat(10))]) {
    const folder = newFolder(name)
    mkdirSync(folder, { recursive: true })
    const db = await startEmbeddedPostgres({ folder, log: () => {}, durable: false })
    assert.deepEqual(await query(db.connectionString, 'select 1 as one'), [{ one: 1 }])
    await db.stop()
    const socket = decodeURIComponent(db.connectionString.split('host=')[1] ?? '')
    if (!socket.startsWith(scratch)) assert.equal(statSync(socket, { throwIfNoEntry: false }), undefined)
  }
})

test('a crash in the middle of the first start leaves a folder that the next start can use', async () => {
  const folder = newFolder('half made')
  mkdirSync(join(folder, 'cluster.new-1', 'base'), { recursive: true })
  const db = await startEmbeddedPostgres({ folder, log: () => {}, durable: false })
  await db.stop()
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.includes('.new')),
    [],
  )
})

test(
  'a full disk is called a full disk',
  { skip: asRoot ? false : 'mounting a small disk needs root' },
  (t) => {
    const disk = newFolder('small-disk')
    mkdirSync(disk)
    const code = `const { startEmbeddedPostgres } = await import(${JSON.stringify(join(import.meta.dirname, 'index.ts'))})
    await startEmbeddedPostgres({ folder: ${JSON.stringify(join(disk, 'db'))}, log: () => {} }).catch((fault) => console.log(fault.message))`
    const mounted = `mount -t tmpfs -o size=20m tmpfs "$1" || { echo no-mount; exit 0; }; exec "$2" --input-type=module -e "$3"`
    const answer = spawnSync(
      'unshare',
      ['--mount', '--', 'sh', '-c', mounted, 'sh', disk, process.execPath, code],
      { encoding: 'utf8' },
    )
    if (answer.status !== 0 || answer.stdout.includes('no-mount'))
      return t.skip('this machine does not let us mount a small disk')
    assert.match(answer.stdout, /the disk that holds .* is full/i)
  },
)

test(
  'as root where namespaces are refused, it runs as another user',
  { skip: asRoot ? false : 'only root may choose' },
  async (t) => {
    // As private as mkdtemp makes it; the way into it is opened for walking through.
    const data = mkdtempSync(join(tmpdir(), 'fn-pg-data-'))
    t.after(() => rmSync(data, { recursive: true, force: true }))
    const tooDeep = newFolder(join('private', 'data', 'postgres'))
    const nobody = { kind: 'other-user', uid: 65534, gid: 65534 } as const
    await assert.rejects(
      startEmbeddedPostgres({ folder: tooDeep, log: () => {}, runAs: nobody }),
      /may not enter .* FORTNIGHT_DATA/,
    )
    const db = await startEmbeddedPostgres({ folder: join(data, 'db'), log: () => {}, runAs: nobody })
    assert.equal(statSync(`/proc/${db.pid}`).uid, 65534)
    await db.stop()
    const again = await startEmbeddedPostgres({ folder: join(data, 'db'), log: () => {} })
    assert.equal(statSync(`/proc/${again.pid}`).uid, 65534, 'an existing cluster keeps its owner')
    assert.deepEqual(await query(again.connectionString, 'select 1 as one'), [{ one: 1 }])
    await again.stop()
  },
)
