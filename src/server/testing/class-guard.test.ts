/** The guard of table classes is shown to fail: a planted violation is refused, and a table that says no class is named. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { installClassGuard, tablesWithoutClass } from './class-guard.ts'
import { testDatabase, type TestDatabase } from './test-database.ts'

let database: TestDatabase
let client: pg.Client

before(async () => {
  database = await testDatabase()
  client = new pg.Client({ connectionString: database.connectionString })
  await client.connect()
})
after(async () => {
  await client.end()
  await database.drop()
})

const insertEvent = `insert into events (id, stream_kind, stream_id, version, type, v, at, recorded_at, actor_kind, via)
  values (gen_random_uuid(), 'planted', gen_random_uuid(), 1, 'planted.made', 1, 0, 0, 'system', 'system')`

/** What one transaction with these statements comes to: 'committed' or the refusal. */
const inOneTransaction = async (...statements: string[]): Promise<string> => {
  await client.query('begin')
  try {
    for (const statement of statements) await client.query(statement)
    await client.query('commit')
    return 'committed'
  } catch (error) {
    await client.query('rollback')
    return (error as Error).message
  }
}

test('every table of the schema says its class', async () => {
  assert.deepEqual(await tablesWithoutClass(client), [])
})

test('a table without a class, or with a made-up one, is named', async () => {
  await client.query('create table planted_silent (id integer)')
  await client.query(`create table planted_odd (id integer)`)
  await client.query(`comment on table planted_odd is 'class: whatever'`)
  await client.query(`create table planted_parted (id integer) partition by range (id)`)
  assert.deepEqual(await tablesWithoutClass(client), ['planted_odd', 'planted_parted', 'planted_silent'])
  await client.query('drop table planted_silent, planted_odd, planted_parted')
})

test('a projection that changes without an event is refused at commit, whichever way it changes', async () => {
  await client.query('create table planted (id integer primary key)')
  await client.query(`comment on table planted is 'class: projection, planted'`)
  await installClassGuard(client)
  const refusal = 'projection planted changed in a transaction without an event'
  assert.equal(await inOneTransaction('insert into planted values (1)'), refusal)
  assert.equal(await inOneTransaction('insert into planted values (1)', insertEvent), 'committed')
  assert.equal(await inOneTransaction('update planted set id = 2'), refusal)
  assert.equal(await inOneTransaction('delete from planted'), refusal)
  assert.equal(await inOneTransaction(insertEvent, 'delete from planted'), 'committed')
})

test('an event of an earlier transaction does not excuse a later one', async () => {
  assert.equal(await inOneTransaction(insertEvent), 'committed')
  assert.match(await inOneTransaction('insert into planted values (3)'), /without an event/)
})

test('machinery may change without an event', async () => {
  await client.query(`create table planted_machinery (id integer)`)
  await client.query(`comment on table planted_machinery is 'class: machinery'`)
  await installClassGuard(client)
  assert.equal(await inOneTransaction('insert into planted_machinery values (1)'), 'committed')
})

test('the guard stands on every projection of the migrated schema', async () => {
  const { rows } = await client.query(`
    select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and not c.relispartition and n.nspname = current_schema()
      and obj_description(c.oid) like 'class: projection%'
      and not exists (select 1 from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'class_guard')`)
  assert.deepEqual(rows, [])
})
