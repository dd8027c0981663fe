/** A newer version comes to a database at which this one works: beside it while it only adds, instead of it when it breaks. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import pg from 'pg'
import { until } from '../../src/server/platform/until.fixture.ts'
import { testDatabase, type TestDatabase } from '../../src/server/testing/test-database.ts'
import {
  alive,
  descendantsOf,
  freePort,
  readyStatus,
  startServer,
  stopServer,
  untilReady,
  type ServerProcess,
} from './server-process.ts'

const projectRoot = join(import.meta.dirname, '../..')
const migrateOnce = join(projectRoot, 'src/server/platform/migrate-once.fixture.ts')
const onLinux =
  process.platform === 'linux' ? {} : { skip: 'process trees are read from /proc, which only Linux has' }

let database: TestDatabase
let client: pg.Client
let folder: string
let newer: string
const running: ServerProcess[] = []

before(async () => {
  database = await testDatabase({ empty: true })
  client = new pg.Client({ connectionString: database.connectionString })
  await client.connect()
  folder = mkdtempSync(join(tmpdir(), 'fortnight-newer-'))
  newer = join(folder, 'migrations')
  cpSync(join(projectRoot, 'migrations'), newer, { recursive: true })
})
after(async () => {
  for (const server of running) {
    server.child.kill('SIGCONT')
    await stopServer(server)
  }
  await client.end()
  await database.drop()
  rmSync(folder, { recursive: true, force: true })
})

const startOurs = async (): Promise<ServerProcess> => {
  const server = startServer(join(folder, 'data'), await freePort(), {
    DATABASE_URL: database.connectionString,
  })
  running.push(server)
  return server
}

/** Starts the newer version on the database as far as its migrations; resolves with what it applied. */
const newerVersionComes = async (files: Record<string, string>, ...patience: string[]): Promise<string[]> => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(newer, name), text)
  const { stdout } = await promisify(execFile)(process.execPath, [
    migrateOnce,
    database.connectionString,
    newer,
    ...patience,
  ])
  return JSON.parse(stdout) as string[]
}

const signsOfLife = async (): Promise<number> =>
  Number((await client.query('select max(seen_at) as at from processes')).rows[0].at)

test('a newer version that only adds runs beside this one, and this one may still be started', async () => {
  const server = await startOurs()
  await untilReady(server)
  assert.deepEqual(await newerVersionComes({ '9997-adds.sql': 'alter table tasks add column next text;' }), [
    '9997-adds.sql',
  ])
  const second = await startOurs()
  await untilReady(second)
  await until('both go on', async () => {
    const { rows } = await client.query(
      `select count(*)::int as n from processes where stopped_at is null and 'engine' = any(roles)`,
    )
    return rows[0].n === 2
  })
  assert.equal(await readyStatus(server), 200)
  assert.equal(await stopServer(second), 0)
})

test(
  'one that breaks waits until this one has noticed, said why and stopped; nothing of it is left, and it does not start again',
  onLinux,
  async () => {
    const [server] = running as [ServerProcess]
    const started = descendantsOf(server.child.pid ?? 0).map(({ pid }) => pid)
    let applied = false
    const coming = newerVersionComes({
      '9998-breaks.sql': '-- breaking: the name has changed\nalter table processes rename to workers;',
    }).then((names) => {
      applied = true
      return names
    })
    await until(
      'it is not ready',
      async () => {
        const status = await readyStatus(server)
        assert.ok(status !== 200 || !applied, 'the schema was broken while it was ready')
        return status !== 200
      },
      30_000,
    )
    assert.equal(await server.ended, 1)
    assert.match(server.output(), /A newer version of Fortnight changes the database .* This process stops/)
    assert.doesNotMatch(server.output(), /relation "processes" does not exist|\n\s+at /)
    assert.deepEqual(await coming, ['9998-breaks.sql'])
    await until('its children are gone', () => alive(started).length === 0, 20_000)
    const again = await startOurs()
    assert.equal(await again.ended, 1)
    assert.match(again.output(), /older than the database: .*9998-breaks\.sql\. Start the newer version/)
    await client.query(`alter table workers rename to processes; delete from migrations where breaking`)
  },
)

test(
  'one that hangs loses its connections, writes nothing into the new schema when it wakes, and stops',
  onLinux,
  async () => {
    const server = await startOurs()
    await untilReady(server)
    const stopped = descendantsOf(server.child.pid ?? 0).filter(({ command }) => command.includes('worker'))
    const frozen = [server.child.pid ?? 0, ...stopped.map(({ pid }) => pid)]
    for (const pid of frozen) process.kill(pid, 'SIGSTOP')
    assert.deepEqual(await newerVersionComes({ '9999-breaks.sql': '-- breaking\nselect 1;' }, '300'), [
      '9998-breaks.sql',
      '9999-breaks.sql',
    ])
    await client.query('alter table workers rename to processes')
    const before = await signsOfLife()
    for (const pid of frozen) process.kill(pid, 'SIGCONT')
    assert.equal(await server.ended, 1)
    assert.match(server.output(), /A newer version of Fortnight changes the database/)
    assert.equal(await signsOfLife(), before)
  },
)
