/** What record() promises, held against a real PostgreSQL. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import pg from 'pg'
import { z } from 'zod'
import { person, platformAlone, type PlatformAlone } from './platform-alone.fixture.ts'
import { defineEvent, type RecordedEvent } from './events.ts'
import { NOTHING_CHANGED, record, UnrecordedWrite, type WriteTx } from './record.ts'
import { defineTask } from './tasks/task.ts'
import { twoCustomers, type TwoCustomers } from './two-customers.fixture.ts'

const noteWritten = defineEvent('note.written', { area: 'notes', body: z.object({ text: z.string() }) })
const noteRead = defineEvent('note.read', { area: 'notes', body: z.object({}) })
const noteEchoed = defineEvent('note.echoed', { area: 'notes', body: z.object({ text: z.string() }) })
const notesSeen = defineEvent('notes.seen', {
  class: 'observation',
  area: 'notes',
  body: z.object({ count: z.number() }),
})
const remind = defineTask<{ note: string }>('note.remind', { lane: 'ordinary', run: async () => undefined })

let server: PlatformAlone
let customers: TwoCustomers
const account = '01890000-0000-7000-8000-000000000001'
const engineer = () => server.as(person(account, 'engineer'))

before(async () => {
  server = await platformAlone()
  customers = await twoCustomers(server.platform)
  await sql`create table test_notes (id uuid primary key, text text not null)`.execute(
    server.platform.database.db,
  )
})
after(() => server.stop())

type EventRow = {
  id: string
  version: number
  type: string
  at: number
  recorded_at: number
  xid: string
  refs: unknown
}
const eventsOf = async (stream: string): Promise<EventRow[]> =>
  (
    await sql<EventRow>`select id, version, type, at, recorded_at, xid::text, refs from events where stream_id = ${stream}
      order by version`.execute(server.platform.database.db)
  ).rows
const newStream = () => server.platform.ids.next(server.clock.now())
const write = (tx: WriteTx, stream: string, text = 'hello') =>
  tx.append(noteWritten, { stream, customerId: undefined, environmentId: undefined, body: { text } })
const putNote = (tx: WriteTx, text: string) =>
  sql`insert into test_notes values (${tx.id()}, ${text})`.execute(tx.db)
const countNotes = async (text: string): Promise<number> => {
  const { rows } = await sql<{
    n: number
  }>`select count(*) as n from test_notes where text = ${text}`.execute(server.platform.database.db)
  return rows[0]?.n ?? -1
}

test('a transaction has one now, however long it takes', async () => {
  const stream = newStream()
  const startedAt = server.clock.now()
  await record(engineer(), async (tx) => {
    write(tx, stream)
    server.clock.advance(5_000)
    write(tx, stream)
    assert.equal(tx.now, startedAt)
  })
  const rows = await eventsOf(stream)
  assert.deepEqual(
    rows.map((row) => [row.version, row.at, row.recorded_at]),
    [
      [1, startedAt, startedAt],
      [2, startedAt, startedAt],
    ],
  )
})

test('versions count within a stream, across transactions, without gaps', async () => {
  const [one, two] = [newStream(), newStream()]
  await record(engineer(), async (tx) => {
    for (const stream of [one, two, one]) write(tx, stream)
  })
  await record(engineer(), async (tx) => void write(tx, one))
  assert.deepEqual(
    (await eventsOf(one)).map((row) => row.version),
    [1, 2, 3],
  )
  assert.deepEqual(
    (await eventsOf(two)).map((row) => row.version),
    [1],
  )
})

test('thirty writers to one stream at once all succeed and number it without gaps', async () => {
  const stream = newStream()
  await Promise.all(
    Array.from({ length: 30 }, (_, n) =>
      record(engineer(), async (tx) => void write(tx, stream, `writer ${n}`)),
    ),
  )
  assert.deepEqual(
    (await eventsOf(stream)).map((row) => row.version),
    Array.from({ length: 30 }, (_, n) => n + 1),
  )
})

test('an event that happened earlier keeps its time and says when it was recorded', async () => {
  const stream = newStream()
  const at = server.clock.now() - 3_600_000
  await record(engineer(), async (tx) => void tx.append(noteRead, { stream, at, body: {} }))
  const [row] = await eventsOf(stream)
  assert.equal(row?.at, at)
  assert.equal(row?.recorded_at, server.clock.now())
})

test('a write that says nothing is refused and leaves nothing', async () => {
  await assert.rejects(
    record(engineer(), async (tx) => void (await putNote(tx, 'unsaid'))),
    UnrecordedWrite,
  )
  assert.equal(await countNotes('unsaid'), 0)
})

test('an idempotent repeat may say that nothing changed', async () => {
  assert.equal(await record(engineer(), async () => NOTHING_CHANGED), NOTHING_CHANGED)
})

test('work that fails leaves neither rows, events, leaves nor tasks', async () => {
  const stream = newStream()
  await assert.rejects(
    record(engineer(), async (tx) => {
      await putNote(tx, 'failed')
      write(tx, stream)
      tx.later(remind, { payload: { note: 'failed' }, key: 'failed' })
      throw new Error('on purpose')
    }),
    /on purpose/,
  )
  assert.equal(await countNotes('failed'), 0)
  assert.deepEqual(await eventsOf(stream), [])
  const { rows } = await sql`select 1 from tasks where key = 'failed'`.execute(server.platform.database.db)
  assert.equal(rows.length, 0)
})

test('reactions run before commit, get all events of a type in one call, and their events belong to the same transaction', async () => {
  const stream = newStream()
  const calls: string[][] = []
  const reacting = { on: true }
  server.platform.reactions.on(
    noteWritten,
    async (tx, events: readonly RecordedEvent<{ text: string }>[]) => {
      if (!reacting.on || events[0]?.streamId !== stream) return
      calls.push(events.map((event) => event.body.text))
      await putNote(tx, 'by reaction')
      tx.append(noteEchoed, { stream, body: { text: events.map((event) => event.body.text).join('+') } })
    },
  )
  await record(engineer(), async (tx) => {
    write(tx, stream, 'a')
    write(tx, stream, 'b')
  })
  reacting.on = false
  assert.deepEqual(calls, [['a', 'b']])
  const rows = await eventsOf(stream)
  assert.deepEqual(
    rows.map((row) => row.type),
    ['note.written', 'note.written', 'note.echoed'],
  )
  assert.equal(new Set(rows.map((row) => row.xid)).size, 1)
  assert.equal(await countNotes('by reaction'), 1)
})

test('a reaction that fails takes the whole transaction with it', async () => {
  const stream = newStream()
  server.platform.reactions.on(noteWritten, async (tx, events) => {
    if (events[0]?.streamId !== stream) return
    await putNote(tx, 'reaction failed')
    throw new Error('the chain is broken')
  })
  await assert.rejects(
    record(engineer(), async (tx) => {
      await putNote(tx, 'reaction failed')
      write(tx, stream)
    }),
    /the chain is broken/,
  )
  assert.equal(await countNotes('reaction failed'), 0)
  assert.deepEqual(await eventsOf(stream), [])
})

test('reactions that never come to rest are stopped', async () => {
  const stream = newStream()
  server.platform.reactions.on(noteEchoed, async (tx, events) => {
    if (events[0]?.streamId === stream) tx.append(noteEchoed, { stream, body: { text: 'again' } })
  })
  await assert.rejects(
    record(engineer(), async (tx) => void tx.append(noteEchoed, { stream, body: { text: 'once' } })),
    /do not come to rest/,
  )
})

test('a deadlock is tried again and both transactions commit', async () => {
  const { db } = server.platform.database
  const [first, second] = [newStream(), newStream()]
  await sql`insert into test_notes values (${first}, 'x'), (${second}, 'x')`.execute(db)
  const bothHoldOne = Promise.withResolvers<void>()
  let holding = 0
  let attempts = 0
  const crossing = (mine: string, other: string) =>
    record(engineer(), async (tx) => {
      attempts += 1
      await sql`update test_notes set text = text || 'y' where id = ${mine}`.execute(tx.db)
      if (++holding === 2) bothHoldOne.resolve()
      await bothHoldOne.promise
      await sql`update test_notes set text = text || 'z' where id = ${other}`.execute(tx.db)
      write(tx, mine)
    })
  await Promise.all([crossing(first, second), crossing(second, first)])
  assert.ok(attempts > 2, `${attempts} attempts`)
  const { rows } = await sql<{
    length: number
  }>`select length(text) from test_notes where id in (${first}, ${second})`.execute(db)
  assert.deepEqual(
    rows.map((row) => row.length),
    [3, 3],
  )
})

test('a serialisation failure is tried again with fresh rows, and given up after a bounded number of tries', async () => {
  const stream = newStream()
  let tries = 0
  const failing = async (tx: WriteTx, times: number) => {
    tries += 1
    write(tx, stream)
    if (tries <= times)
      await sql`do $$ begin raise exception 'again' using errcode = '40001'; end $$`.execute(tx.db)
  }
  await record(engineer(), (tx) => failing(tx, 2))
  assert.equal(tries, 3)
  assert.equal((await eventsOf(stream)).length, 1)
  tries = 0
  await assert.rejects(
    record(engineer(), (tx) => failing(tx, 1_000)),
    /again/,
  )
  assert.ok(tries > 2 && tries < 20, `${tries} tries`)
})

test('a ledger log that was rolled back is not remembered', async () => {
  const environmentId = newStream()
  const { acme } = customers
  const makeLog = async (tx: WriteTx, fail: boolean) => {
    const id = tx.id()
    await sql`select set_config('fortnight.class_guard', 'off', true)`.execute(tx.db)
    await sql`insert into environments (id, customer_id, slug, name, created_at)
      values (${environmentId}, ${acme.customerId}, 'late', 'late', 0)`.execute(tx.db)
    await sql`insert into ledger_logs (id, environment_id, customer_id, origin, pseudonym_key, created_at)
      values (${id}, ${environmentId}, ${acme.customerId}, ${id}, ${Buffer.alloc(32)}, 0)`.execute(tx.db)
    tx.append(noteRead, { stream: environmentId, customerId: acme.customerId, environmentId, body: {} })
    if (fail) await server.platform.outbox.logOf(tx.db, environmentId)
    if (fail) throw new Error('rolled back')
    return id
  }
  await assert.rejects(record(engineer(), (tx) => makeLog(tx, true)))
  const id = await record(engineer(), (tx) => makeLog(tx, false))
  const { rows } = await sql<{ log_id: string }>`select log_id from ledger_pending p join events e using (id)
    where e.environment_id = ${environmentId}`.execute(server.platform.database.db)
  assert.deepEqual(rows, [{ log_id: id }])
})

test('an observation has an event and no leaf; an act has both', async () => {
  const [seen, written] = [newStream(), newStream()]
  await record(engineer(), async (tx) => {
    tx.append(notesSeen, { stream: seen, body: { count: 3 } })
    write(tx, written)
  })
  const { rows } = await sql<{ type: string; leaf: boolean; body: boolean }>`
    select type, exists (select 1 from ledger_pending p where p.id = e.id) as leaf,
           exists (select 1 from event_bodies b where b.event_id = e.id) as body
    from events e where stream_id in (${seen}, ${written}) order by type`.execute(server.platform.database.db)
  assert.deepEqual(rows, [
    { type: 'note.written', leaf: true, body: true },
    { type: 'notes.seen', leaf: false, body: false },
  ])
})

test('a connection that dies in the middle is told as the database being away, and the next transaction works', async () => {
  const { toFault } = await import('./faults.ts')
  const stream = newStream()
  const killer = new pg.Client({ connectionString: server.connectionString })
  await killer.connect()
  const fault = await record(engineer(), async (tx) => {
    write(tx, stream)
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx.db)
    await killer.query('select pg_terminate_backend($1)', [rows[0]?.pid])
    await sql`select 1`.execute(tx.db)
  }).then(
    () => undefined,
    (error: unknown) => toFault(error),
  )
  await killer.end()
  assert.equal(fault?.code, 'unavailable')
  assert.deepEqual(await eventsOf(stream), [])
  await record(engineer(), async (tx) => void write(tx, stream))
  assert.equal((await eventsOf(stream)).length, 1)
})

test('every id that record gives out sorts after the ones before it', async () => {
  const ids = await record(engineer(), async (tx) => {
    write(tx, newStream())
    return Array.from({ length: 5_000 }, () => tx.id())
  })
  assert.deepEqual(ids, [...ids].sort())
})
