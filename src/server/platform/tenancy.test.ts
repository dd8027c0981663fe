/** A customer contact and an integration key can neither read nor write another customer's row in any table there is. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { sql } from 'kysely'
import { z } from 'zod'
import { testDatabase } from '../testing/test-database.ts'
import { person, platformAlone, type PlatformAlone } from './platform-alone.fixture.ts'
import type { Ctx } from './context.ts'
import type { Db } from './database.ts'
import { defineEvent } from './events.ts'
import { read, record } from './record.ts'
import { twoCustomers, type TwoCustomers } from './two-customers.fixture.ts'

const wishMade = defineEvent('wish.made', { area: 'wishes', body: z.object({ text: z.string() }) })

let server: PlatformAlone
let customers: TwoCustomers
let tenantTables: string[]
const engineer = () => server.as(person('01890000-0000-7000-8000-000000000001', 'engineer'))
const contact = () => server.as(customers.acme.contact)
const integration = () => server.as(customers.acme.integration)

before(async () => {
  server = await platformAlone()
  customers = await twoCustomers(server.platform)
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'customer_id' and not a.attisdropped
    where c.relkind in ('r', 'p') and not c.relispartition and n.nspname = current_schema() order by 1`.execute(
    server.platform.database.db,
  )
  tenantTables = rows.map((row) => row.name)
})
after(() => server.stop())

test('every table with a customer has forced row-level security', async () => {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = current_schema() and c.relname = any(${tenantTables}::text[])
      and not (c.relrowsecurity and c.relforcerowsecurity
               and exists (select 1 from pg_policy p where p.polrelid = c.oid))`.execute(
    server.platform.database.db,
  )
  assert.deepEqual(rows, [], 'call guard_tenant_table in the migration that makes the table')
  assert.ok(tenantTables.length >= 10, tenantTables.join())
})

test('a transaction of a contact or an integration key runs as the tenant role with the customer set, and of staff as neither', async () => {
  const standing = (db: Db) =>
    sql<{ role: string; customer: string }>`
      select current_user as role, coalesce(current_setting('fortnight.customer_id', true), '') as customer`
      .execute(db)
      .then(({ rows }) => rows[0])
  const expected = { role: 'fortnight_tenant', customer: customers.acme.customerId }
  assert.deepEqual(await read(contact(), standing), expected)
  assert.deepEqual(await read(integration(), standing), expected)
  assert.notEqual((await read(engineer(), standing))?.role, 'fortnight_tenant')
  const inWrite = (ctx: Ctx) =>
    record(ctx, async (tx) => {
      tx.observed()
      return standing(tx.db)
    })
  assert.deepEqual(await inWrite(contact()), expected)
  assert.deepEqual(await inWrite(integration()), expected)
  // The pool's connections come back as they were.
  for (let n = 0; n < 8; n++) assert.deepEqual((await inWrite(engineer()))?.customer, '')
})

/**
 * Fills every tenant table with a row of each customer, whatever its columns ask for: in this throw-away database all
 * constraints, triggers and mandatory columns are taken away first, so that only row-level security is left to hold.
 */
const fillEveryTable = async (client: pg.Client): Promise<void> => {
  await client.query(`set session_replication_role = replica`)
  for (const table of tenantTables) {
    const { rows: constraints } = await client.query<{ conname: string }>(
      `select conname from pg_constraint where conrelid = $1::regclass and contype not in ('t', 'n')`,
      [table],
    )
    for (const { conname } of constraints)
      await client.query(`alter table ${table} drop constraint if exists "${conname}" cascade`)
    const { rows: indexes } = await client.query<{ name: string }>(
      'select indexrelid::regclass::text as name from pg_index where indrelid = $1::regclass and indisunique',
      [table],
    )
    for (const { name } of indexes) await client.query(`drop index ${name}`)
    const { rows: columns } = await client.query<{ name: string; identity: string; type: string }>(
      `select attname as name, attidentity as identity, format_type(atttypid, atttypmod) as type from pg_attribute
       where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
      [table],
    )
    for (const { name, identity } of columns)
      if (identity === '') await client.query(`alter table ${table} alter column "${name}" drop not null`)
    for (const { customerId } of [customers.acme, customers.borealis])
      await client.query(`insert into ${table} (customer_id) values ($1)`, [customerId])
  }
}

/** What the tenant role of acme meets: rows seen by customer, or the refusal's SQLSTATE. */
const asAcme = async (
  client: pg.Client,
  statement: string,
  values: unknown[] = [],
): Promise<pg.QueryResult | string> => {
  await client.query('begin')
  try {
    await client.query(
      `select set_config('fortnight.customer_id', $1, true), set_config('role', 'fortnight_tenant', true)`,
      [customers.acme.customerId],
    )
    return await client.query(statement, values)
  } catch (error) {
    return (error as { code: string }).code
  } finally {
    await client.query('rollback')
  }
}

test('in every table a contact sees, changes, removes and adds only rows of its own customer', async (t) => {
  const other = customers.borealis.customerId
  const database = await testDatabase()
  const client = new pg.Client({ connectionString: database.connectionString })
  await client.connect()
  t.after(async () => {
    await client.end()
    await database.drop()
  })
  await client.query('begin')
  await fillEveryTable(client)
  await client.query('commit')
  for (const table of tenantTables) {
    const seen = await asAcme(client, `select customer_id from ${table}`)
    if (typeof seen === 'string') assert.equal(seen, '42501', table)
    else {
      const strangers = seen.rows.filter((row: { customer_id: string | null }) => row.customer_id === other)
      assert.equal(strangers.length, 0, `${table}: another customer's row is seen`)
    }
    for (const statement of [
      `update ${table} set customer_id = customer_id where customer_id = $1`,
      `delete from ${table} where customer_id = $1`,
      `insert into ${table} (customer_id) values ($1)`,
    ]) {
      const answer = await asAcme(client, statement, [other])
      if (typeof answer === 'string') assert.equal(answer, '42501', `${table}: ${statement}`)
      else assert.equal(answer.rowCount, 0, `${table}: ${statement}`)
    }
    const moved = await asAcme(client, `update ${table} set customer_id = $1`, [other])
    if (typeof moved === 'string')
      assert.equal(moved, '42501', `${table}: rows can be given to another customer`)
    else assert.equal(moved.rowCount, 0, `${table}: rows can be given to another customer`)
  }
})

test('a contact leaves evidence in logs of its own customer and the organisation, in no other', async () => {
  const put = (logId: string) =>
    record(server.as(customers.acme.contact), async (tx) => {
      tx.observed()
      await sql`insert into ledger_pending (id, log_id, leaf, leaf_hash, created_at)
        values (${tx.id()}, ${logId}, ''::bytea, ''::bytea, 0)`.execute(tx.db)
    })
  await put(customers.acme.logId)
  await put(customers.logId)
  await assert.rejects(put(customers.borealis.logId), /row-level security/)
  const logs = await read(server.as(customers.acme.contact), (db) =>
    db.selectFrom('ledger_logs').select('id').execute(),
  )
  assert.deepEqual(new Set(logs.map((log) => log.id)), new Set([customers.acme.logId, customers.logId]))
})

test('a contact may go on with a stream whose earlier events it may not see', async () => {
  const stream = server.platform.ids.next(server.clock.now())
  const staff = server.as(person('01890000-0000-7000-8000-000000000001', 'engineer'))
  await record(staff, async (tx) => void tx.append(wishMade, { stream, body: { text: 'by staff' } }))
  await record(server.as(customers.acme.contact), async (tx) => {
    tx.append(wishMade, { stream, customerId: customers.acme.customerId, body: { text: 'by the contact' } })
  })
  const rows = await server.platform.database.db
    .selectFrom('events')
    .select('version')
    .where('stream_id', '=', stream)
    .orderBy('version')
    .execute()
  assert.deepEqual(
    rows.map((row) => row.version),
    [1, 2],
  )
})

test('an event for another customer cannot be written by a contact', async () => {
  await assert.rejects(
    record(server.as(customers.acme.contact), async (tx) => {
      tx.append(wishMade, {
        stream: tx.id(),
        customerId: customers.borealis.customerId,
        environmentId: customers.borealis.environmentId,
        body: { text: 'intruder' },
      })
    }),
  )
})
