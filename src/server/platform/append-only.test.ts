/** History can be added to and never changed: not by a slip, not with replication's privilege, not while erasing. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { testDatabase, type TestDatabase } from '../testing/test-database.ts'

let database: TestDatabase
let client: pg.Client

before(async () => {
  database = await testDatabase()
  client = new pg.Client({ connectionString: database.connectionString })
  await client.connect()
  await client.query(`
    insert into events (id, stream_kind, stream_id, version, type, v, at, recorded_at, actor_kind, via)
      values ('01890000-0000-7000-8000-000000000001', 'planted', gen_random_uuid(), 1, 'planted.made', 1, 0, 0, 'system', 'system');
    insert into event_bodies values ('01890000-0000-7000-8000-000000000001', null, array['["salt","text","words"]']);
    insert into ledger_logs (id, origin, pseudonym_key, created_at)
      values ('01890000-0000-7000-8000-000000000002', 'example.org/x', '\\x00', 0);
    insert into ledger_entries values ('01890000-0000-7000-8000-000000000002', 0, gen_random_uuid(), '\\x00', '\\x00', 0);
    insert into ledger_tiles values ('01890000-0000-7000-8000-000000000002', 0, 0, '\\x00');
    insert into ledger_checkpoints values ('01890000-0000-7000-8000-000000000002', 1, '\\x00', 'note', 0);`)
})
after(async () => {
  await client.end()
  await database.drop()
})

const refusalOf = async (...statements: string[]): Promise<string> => {
  await client.query('begin')
  try {
    for (const statement of statements) await client.query(statement)
    return 'accepted'
  } catch (error) {
    return (error as Error).message
  } finally {
    await client.query('rollback')
  }
}

const tables: Readonly<Record<string, string>> = {
  events: 'at',
  event_bodies: 'disclosures',
  ledger_entries: 'leaf',
  ledger_tiles: 'hashes',
  ledger_checkpoints: 'note',
}

for (const [table, column] of Object.entries(tables)) {
  for (const statement of [
    `update ${table} set ${column} = ${column}`,
    `delete from ${table}`,
    `truncate ${table} cascade`,
  ]) {
    test(`refused: ${statement}`, async () => {
      assert.match(await refusalOf(statement), /history is append-only/)
    })
    test(`refused even where session_replication_role says replica: ${statement}`, async () => {
      assert.match(
        await refusalOf('set local session_replication_role = replica', statement),
        /history is append-only/,
      )
    })
    test(`refused even under the erasure verb: ${statement}`, async () => {
      const answer = await refusalOf(`set local fortnight.erasing = 'on'`, statement)
      if (table === 'event_bodies' && statement.startsWith('update')) assert.equal(answer, 'accepted')
      else assert.match(answer, /history is append-only/)
    })
  }
}

test('the erasure verb may blank a body, and may not move it to another event or customer', async () => {
  const erasing = `set local fortnight.erasing = 'on'`
  assert.equal(await refusalOf(erasing, `update event_bodies set disclosures = '{}'`), 'accepted')
  assert.match(
    await refusalOf(erasing, `update event_bodies set event_id = gen_random_uuid()`),
    /history is append-only/,
  )
  assert.match(
    await refusalOf(erasing, `update event_bodies set customer_id = gen_random_uuid()`),
    /history is append-only/,
  )
})

test('every guard of history is in force whatever session_replication_role says', async () => {
  const { rows } = await client.query(`
    select t.tgname from pg_trigger t join pg_proc p on p.oid = t.tgfoid
    where p.proname = 'refuse_history_change' and t.tgenabled <> 'A'`)
  assert.deepEqual(rows, [])
})
