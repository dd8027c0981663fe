/** The schema is brought up to date once, by whoever comes first, and never by halves. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { promisify } from 'node:util'
import pg from 'pg'
import { advisoryLocks } from './advisory-locks.ts'
import { testDatabase, type TestDatabase } from '../testing/test-database.ts'
import { boot, projectRoot } from './boot.ts'
import { readConfig } from './config.ts'
import { silentLog } from './log.ts'
import { migrate, readMigrations, type Migration } from './migrate.ts'

const real = join(projectRoot, 'migrations')
let database: TestDatabase
let pool: pg.Pool
let folder: string

beforeEach(async () => {
  database = await testDatabase({ empty: true })
  pool = new pg.Pool({ connectionString: database.connectionString, max: 3 })
  folder = mkdtempSync(join(tmpdir(), 'fortnight-migrations-'))
})
afterEach(async () => {
  await pool.end()
  await database.drop()
  rmSync(folder, { recursive: true })
})

const write = (files: Record<string, string>): Promise<Migration[]> => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return readMigrations(folder)
}
const one = async (text: string): Promise<unknown> =>
  Object.values((await pool.query(text)).rows[0] as object)[0]

test('twenty processes that start at once on an empty database leave one schema, made by one of them', async () => {
  const script = join(import.meta.dirname, 'migrate-once.fixture.ts')
  const outputs = await Promise.all(
    Array.from({ length: 20 }, () =>
      promisify(execFile)(process.execPath, [script, database.connectionString, real], { timeout: 120_000 }),
    ),
  )
  const names = (await readMigrations(real)).map(({ name }) => name)
  const applied = outputs.flatMap(({ stdout }) => JSON.parse(stdout) as string[])
  assert.deepEqual(applied.sort(), names.sort())
  assert.equal(await one('select count(*) from migrations'), names.length)
})

test('a second start applies nothing', async () => {
  const migrations = await readMigrations(real)
  assert.deepEqual(
    await migrate(pool, migrations, '1'),
    migrations.map(({ name }) => name),
  )
  assert.deepEqual(await migrate(pool, migrations, '1'), [])
})

test('a migration that fails leaves nothing of itself, keeps those before it, names its file, and can be repaired', async () => {
  const broken = await write({
    '0001-first.sql': 'create table first (id integer);',
    '0002-second.sql':
      'create table second (id integer); insert into second values (1); select no_such_function();',
    '0003-third.sql': 'create table third (id integer);',
  })
  await assert.rejects(migrate(pool, broken, '1'), /migrations\/0002-second\.sql failed: .*no_such_function/)
  assert.equal(await one(`select to_regclass('first') is not null`), true)
  assert.equal(await one(`select to_regclass('second') is null and to_regclass('third') is null`), true)
  const repaired = await write({ '0002-second.sql': 'create table second (id integer);' })
  assert.deepEqual(await migrate(pool, repaired, '1'), ['0002-second.sql', '0003-third.sql'])
})

test('a file that was changed after it was applied is refused by name', async () => {
  await migrate(pool, await write({ '0001-first.sql': 'create table first (id integer);' }), '1')
  const changed = await write({ '0001-first.sql': 'create table first (id bigint);' })
  await assert.rejects(
    migrate(pool, changed, '1'),
    /migrations\/0001-first\.sql was changed after it was applied/,
  )
})

test('an older program starts on a newer schema, and is refused where a migration it does not know is breaking', async () => {
  const older = await write({ '0001-first.sql': 'create table first (id integer);' })
  const newer = await write({ '0002-second.sql': 'alter table first add column name text;' })
  await migrate(pool, newer, '2')
  assert.deepEqual(await migrate(pool, older, '1'), [])
  const breaking = await write({
    '0003-third.sql': '-- breaking: names are needed\nalter table first drop column id;',
  })
  await migrate(pool, breaking, '3')
  await assert.rejects(
    migrate(pool, newer, '2'),
    /older than the database: .*0003-third\.sql.*Start the newer version/,
  )
  assert.deepEqual(await migrate(pool, breaking, '3'), [])
})

test('a number that comes later than a higher one is still applied: two branches may meet', async () => {
  await migrate(pool, await write({ '0001-first.sql': 'select 1', '0005-fifth.sql': 'select 5' }), '1')
  const merged = await write({ '0003-third.sql': 'create table third (id integer);' })
  assert.deepEqual(await migrate(pool, merged, '2'), ['0003-third.sql'])
})

test('names that are not NNNN-area.sql are refused', async () => {
  await assert.rejects(write({ '1-first.sql': 'select 1' }), /names are NNNN-area\.sql/)
})

test('this version works beside the next one: on a schema that has already been expanded', async () => {
  await migrate(pool, await readMigrations(real), '1')
  await pool.query(`
    insert into migrations values ('9999-next.sql', 'x', false, 'next');
    alter table events add column next_column text not null default 'unknown to us';
    alter table tasks add column next_column text;
    create table next_table (id integer)`)
  const config = readConfig({ FORTNIGHT_DATA: folder })
  const connectionString = database.connectionString
  const booted = await boot({ config, connectionString, roles: ['test'], log: silentLog() })
  assert.equal(await one('select count(*) from processes where stopped_at is null'), 1)
  await booted.stop()
  assert.equal(await one('select count(*) from processes where stopped_at is null'), 0)
})

test('whoever waits for another’s migration goes on when that one dies', async () => {
  const migrations = await write({ '0001-first.sql': 'create table first (id integer);' })
  const dying = await pool.connect()
  await dying.query('select pg_advisory_lock($1)', [advisoryLocks.migration])
  const waiting = migrate(pool, migrations, '1')
  const { rows } = await dying.query<{ pid: number }>('select pg_backend_pid() as pid')
  dying.on('error', () => undefined)
  await pool.query('select pg_terminate_backend($1)', [rows[0]?.pid])
  assert.deepEqual(await waiting, ['0001-first.sql'])
  dying.release(true)
})
