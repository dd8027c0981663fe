/** What one process commits, every browser at every process hears: in order, without gap or loss, and only what it may. */
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import pg from 'pg'
import { z } from 'zod'
import { person } from '../platform-alone.fixture.ts'
import type { Platform } from '../context.ts'
import type { Actor } from '../actor.ts'
import { systemCtx } from '../context.ts'
import { defineEvent } from '../events.ts'
import { asAnybody, being, signedOut } from '../http/as-anybody.fixture.ts'
import { openHttp } from '../http/server.ts'
import { record } from '../record.ts'
import { severalProcesses, type SeveralProcesses } from '../several-processes.fixture.ts'
import { twoCustomers, type TwoCustomers } from '../two-customers.fixture.ts'
import { until } from '../until.fixture.ts'
import { openEventSource, type EventSource } from './event-source.fixture.ts'
import { compareCursors, openFeed, type Feed, type LiveEvent } from './feed.ts'
import { bindLiveStream } from './stream.ts'

const decided = defineEvent('live-decision.made', {
  area: 'decisions',
  contactsHear: true,
  body: z.object({}),
})
const proposed = defineEvent('live-decision.thought-of', { area: 'decisions', body: z.object({}) })
const alerted = defineEvent('live-alert.opened', { area: 'alerts', class: 'observation', body: z.object({}) })

type Running = { platform: Platform; http: FastifyInstance; feed: Feed; url: string }
let processes: SeveralProcesses
let customers: TwoCustomers
let first: Running
let second: Running
const started: Running[] = []
const sources: EventSource[] = []
const engineer = person('01890000-0000-7000-8000-000000000001', 'engineer')

const serve = async ({ keepAliveMs = 20_000 } = {}): Promise<Running> => {
  const { platform } = await processes.another()
  const http = openHttp(platform, asAnybody)
  const feed = openFeed(platform)
  bindLiveStream(http, feed, { keepAliveMs })
  await feed.start()
  await http.listen({ port: 0, host: '127.0.0.1' })
  const { port } = http.server.address() as { port: number }
  const running = { platform, http, feed, url: `http://127.0.0.1:${port}` }
  started.push(running)
  return running
}

/** What earlier tests committed lies behind this process. */
const settled = ({ platform, feed }: Running): Promise<void> =>
  until('the feed has caught up', async () => {
    const { rows } = await sql<{ cursor: string }>`
      select xid || '.' || position as cursor from events order by xid desc, position desc limit 1`.execute(
      platform.database.db,
    )
    return compareCursors(feed.cursor(), rows[0]?.cursor ?? '0.0') >= 0
  })

before(async () => {
  processes = await severalProcesses()
})
after(() => processes.stop())
beforeEach(async () => {
  first = await serve()
  second = await serve()
  customers ??= await twoCustomers(first.platform)
  await settled(first)
  await settled(second)
})
afterEach(async () => {
  for (const source of sources.splice(0)) source.close()
  for (const { http, feed } of started.splice(0)) {
    await http.close()
    feed.stop()
  }
  await processes.endAll()
})

const follow = async (
  at: Running,
  actor: Actor,
  headers: Record<string, string> = {},
): Promise<EventSource> => {
  const source = await openEventSource(at.url, { ...being(actor), ...headers })
  sources.push(source)
  await until('it is greeted', () => source.messages.length > 0)
  return source
}

type What = {
  kind?: typeof decided | typeof proposed | typeof alerted
  customer?: keyof TwoCustomers & ('acme' | 'borealis')
  times?: number
}
/** Commits events and returns their stream's id, by which a client tells them apart. */
const say = async (at: Running, { kind = decided, customer, times = 1 }: What = {}): Promise<string> => {
  const stream = at.platform.ids.next(at.platform.clock.now())
  const where = customer
    ? { customerId: customers[customer].customerId, environmentId: customers[customer].environmentId }
    : {}
  await record(systemCtx(at.platform, 'test'), async (tx) => {
    for (let n = 0; n < times; n++) tx.append(kind, { stream, ...where, body: {} })
  })
  return stream
}
const heard = (source: EventSource): string[] => source.changes().map(({ data }) => data['id'] as string)
const hears = (source: EventSource, stream: string) =>
  until('it is heard', () => heard(source).includes(stream), 4_000)

test('two processes hear each other, and a client hears each event once', async () => {
  const [here, there] = [await follow(first, engineer), await follow(second, engineer)]
  const ids = [await say(first), await say(second), await say(first)]
  for (const source of [here, there]) {
    for (const id of ids) await hears(source, id)
    assert.deepEqual(heard(source), ids)
  }
  const [change] = here.changes()
  assert.deepEqual(Object.keys(change?.data ?? {}).sort(), ['area', 'environmentId', 'id', 'type', 'version'])
})

test('an event is heard within a poll even where the notification was lost', async () => {
  const source = await follow(second, engineer)
  Object.assign(first.platform.notifier, { say: () => undefined })
  await hears(source, await say(first))
})

test('a client that comes back with its last id gets exactly what it missed', async () => {
  const source = await follow(first, engineer)
  await hears(source, await say(first))
  const lastId = source.changes().at(-1)?.id ?? ''
  source.close()
  const missed = [await say(first), await say(second), await say(second)]
  const again = await follow(second, engineer, { 'last-event-id': lastId })
  for (const id of missed) await hears(again, id)
  assert.deepEqual(heard(again), missed)
})

test('a transaction that commits late is neither skipped by those who listen nor by those who come back', async () => {
  const listening = await follow(first, engineer)
  const gate = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const slowStream = second.platform.ids.next(second.platform.clock.now())
  const slow = record(systemCtx(second.platform, 'slow'), async (tx) => {
    await sql`select pg_current_xact_id()`.execute(tx.db)
    begun.resolve()
    await gate.promise
    tx.append(decided, { stream: slowStream, body: {} })
  })
  await begun.promise
  const quick = await say(first)
  // A client that reads while the slow one is still open must not be given a place beyond it.
  const between = await follow(first, engineer)
  const place = between.messages.at(-1)?.id ?? ''
  between.close()
  gate.resolve()
  await slow
  const comesBack = await follow(first, engineer, { 'last-event-id': place })
  for (const source of [listening, comesBack]) {
    await hears(source, slowStream)
    await hears(source, quick)
    assert.deepEqual(heard(source), [slowStream, quick], 'in the order of their beginning, for everybody')
  }
})

test('what happens while the missed events are read comes after them, so that a second cut loses nothing', async () => {
  const source = await follow(first, engineer)
  const place = source.messages.at(-1)?.id ?? ''
  source.close()
  const missed = [await say(first), await say(first)]
  const since = first.feed.since
  let during = ''
  const slowFeed = {
    since: async (cursor: string) => {
      const events = await since(cursor)
      during = await say(first)
      await until(
        'the live feed has it already',
        () => compareCursors(first.feed.cursor(), events?.at(-1)?.cursor ?? '0.0') > 0,
      )
      return events
    },
  }
  Object.assign(first.feed, slowFeed)
  const again = await follow(first, engineer, { 'last-event-id': place })
  await until('all is heard', () => heard(again).length === 3)
  assert.deepEqual(heard(again), [...missed, during])
  const ids = again.changes().map(({ id }) => id)
  assert.deepEqual(ids, ids.toSorted(compareCursors))
})

test('who missed too much, or comes with a place this database never had, is told to load everything anew', async () => {
  const source = await follow(first, engineer)
  const place = source.messages.at(-1)?.id ?? ''
  source.close()
  const tooMuch = await say(first, { kind: alerted, times: 1_001 })
  for (const lastId of [place, '999999999999.1', '99999999999999999999.1', 'rubbish']) {
    const again = await follow(first, engineer, { 'last-event-id': lastId })
    await until('it is reset', () => again.messages.some(({ event }) => event === 'reset'))
    assert.ok(!heard(again).includes(tooMuch))
    // The place given with the reset is one to come back to.
    const next = await say(first)
    await hears(again, next)
    again.close()
    const third = await follow(first, engineer, { 'last-event-id': again.messages.at(-1)?.id ?? '' })
    await hears(third, await say(first))
    third.close()
  }
})

test('a long transaction in another database of the same server holds nothing up', async () => {
  const elsewhere = new URL(processes.connectionString)
  elsewhere.pathname = '/postgres'
  const other = new pg.Client({ connectionString: elsewhere.toString() })
  await other.connect()
  await other.query('begin')
  await other.query('select pg_current_xact_id()')
  const source = await follow(first, engineer)
  await hears(source, await say(second))
  await other.query('rollback')
  await other.end()
})

test('transactions are in the order of their numbers, also where a number gains a digit', async () => {
  const alone = await severalProcesses()
  const { platform } = await alone.another()
  const planted = ['9', '10', '99', '100']
  for (const xid of planted)
    await sql`insert into events (id, xid, stream_kind, stream_id, version, type, v, at, recorded_at, actor_kind, via)
      values (${platform.ids.next(1)}, ${xid}::xid8, 'planted', ${platform.ids.next(1)}, 1, 'planted.made', 1, 0, 0, 'system', 'system')`.execute(
      platform.database.db,
    )
  const feed = openFeed(platform)
  await feed.start()
  feed.stop()
  assert.match(feed.cursor(), /^100\./)
  const cursors = (await feed.since('8.0'))?.map(({ cursor }) => cursor.split('.')[0])
  assert.deepEqual(cursors, planted)
  await alone.stop()
})

test('a first visit is greeted with a place from which nothing is lost', async () => {
  await say(first)
  for (let n = 0; n < 5; n++) {
    const source = await follow(first, engineer)
    const place = source.messages[0]?.id ?? ''
    source.close()
    const missed = await say(second)
    const again = await follow(first, engineer, { 'last-event-id': place })
    await hears(again, missed)
    again.close()
  }
})

/** What a contact is told says no more than where. */
const placesHeard = (source: EventSource): unknown[] => source.changes().map(({ data }) => data)
const ofAcme = () => ({ area: 'decisions', environmentId: customers.acme.environmentId })

test('a contact hears of its own customer only, and only of what it may see', async () => {
  const contact = await follow(first, customers.acme.contact)
  await say(first, { customer: 'borealis' })
  await say(first)
  await say(first, { customer: 'acme', kind: alerted })
  await say(first, { customer: 'acme', kind: proposed })
  await say(first, { customer: 'acme' })
  await until('it is heard', () => contact.changes().length > 0, 4_000)
  assert.deepEqual(placesHeard(contact), [ofAcme()])
})

test('a contact cannot count what others do from the ids it is given, and comes back with them all the same', async () => {
  const contact = await follow(first, customers.acme.contact)
  await say(first, { customer: 'acme' })
  await until('it is heard', () => contact.changes().length > 0, 4_000)
  for (const { id } of contact.messages) assert.doesNotMatch(id, /^\d+\.\d+$/)
  contact.close()
  await say(first, { customer: 'acme' })
  // So many that staff would be told to load everything anew.
  await say(first, { customer: 'borealis', times: 1_001 })
  const again = await follow(first, customers.acme.contact, {
    'last-event-id': contact.messages.at(-1)?.id ?? '',
  })
  await until('it is heard', () => again.changes().length > 0, 4_000)
  assert.deepEqual(placesHeard(again), [ofAcme()])
  assert.ok(!again.messages.some(({ event }) => event === 'reset'))
  // A place made up by a contact is no place at all.
  const forged = await follow(first, customers.acme.contact, { 'last-event-id': '0.0' })
  await until('it is reset', () => forged.messages.some(({ event }) => event === 'reset'))
})

test('a token hears of what it may read and of nothing else, and so does somebody who has no role left', async () => {
  const narrow = await follow(first, { ...engineer, scopes: ['alerts.read'] } as Actor)
  const nobody = await follow(first, person('01890000-0000-7000-8000-00000000000c'))
  await say(first)
  const alert = await say(first, { kind: alerted })
  await hears(narrow, alert)
  assert.deepEqual(heard(narrow), [alert])
  assert.deepEqual(heard(nobody), [])
})

test('one account holds so many streams open and no more; those it closes count no longer', async () => {
  const many = person('01890000-0000-7000-8000-00000000000d', 'engineer')
  const open = await Promise.all(Array.from({ length: 50 }, () => follow(first, many)))
  const status = async (who: Actor): Promise<number> => {
    const source = await openEventSource(first.url, being(who))
    source.close()
    return source.response.statusCode ?? 0
  }
  assert.equal(await status(many), 503)
  assert.equal(await status(engineer), 200)
  open[0]?.close()
  await until('one may be opened again', async () => (await status(many)) === 200)
})

test('nobody follows without having signed in, and integration keys do not follow', async () => {
  for (const headers of [{}, being(customers.acme.integration)]) {
    const reply = await fetch(`${first.url}/api/live`, { headers })
    assert.equal(reply.status, 401)
  }
})

test('HEAD opens no stream', async () => {
  const reply = await fetch(`${first.url}/api/live`, { method: 'HEAD', headers: being(engineer) })
  assert.equal(reply.status, 405)
})

test('a client that does not read is cut off instead of being buffered without end, and the others hear on', async () => {
  const listeners = new Set<(event: LiveEvent) => void>()
  const feed: Feed = {
    ...first.feed,
    cursor: () => '1.0',
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  const http = openHttp(first.platform, asAnybody)
  // The sign of life would find it, too; here the writing itself must.
  bindLiveStream(http, feed, { keepAliveMs: 600_000 })
  await http.listen({ port: 0, host: '127.0.0.1' })
  const url = `http://127.0.0.1:${(http.server.address() as { port: number }).port}`
  const running = { ...first, http, feed, url }
  started.push(running)
  const [deaf, good] = [await follow(running, engineer), await follow(running, engineer)]
  deaf.response.pause()
  let position = 0
  await until(
    'the deaf one is let go',
    async () => {
      for (let n = 0; n < 2_000; n++) {
        position += 1
        for (const listener of listeners)
          listener({
            cursor: `1.${position}`,
            area: 'alerts',
            type: 'x.y',
            id: customers.logId,
            version: 1,
            customerId: null,
            environmentId: null,
          })
      }
      await until('the good one keeps up', () => good.changes().length === position)
      return listeners.size === 1
    },
    30_000,
  )
  assert.equal(good.ended(), false)
  assert.equal(good.changes().length, position)
})

test('a session that ends takes its stream with it', async () => {
  const quick = await serve({ keepAliveMs: 50 })
  const [going, staying] = [
    await follow(quick, person('01890000-0000-7000-8000-00000000000a', 'engineer')),
    await follow(quick, engineer),
  ]
  signedOut.add(JSON.stringify(person('01890000-0000-7000-8000-00000000000a', 'engineer')))
  await until('its stream ended', () => going.ended())
  assert.equal(staying.ended(), false)
})

test('who is put away, or whose session or token ends, is cut off when it is heard, not at the next beat', async () => {
  const accountId = '01890000-0000-7000-8000-00000000000e'
  const leaving = person(accountId, 'engineer')
  const [going, staying] = [await follow(first, leaving), await follow(first, engineer)]
  signedOut.add(JSON.stringify(leaving))
  await record(systemCtx(second.platform, 'test'), async (tx) => {
    tx.append(decided, { stream: accountId, body: {} })
  })
  await until('its stream ended', () => going.ended(), 4_000)
  assert.equal(staying.ended(), false)
})

test('closing ends the streams, so that stopping takes no time', async () => {
  const source = await follow(first, engineer)
  const startedAt = performance.now()
  await first.http.close()
  assert.ok(performance.now() - startedAt < 1_000)
  await until('the stream ended', () => source.ended())
})

test('the stream survives the database being away', async () => {
  const source = await follow(first, engineer)
  await processes.databaseGoesAway()
  await processes.databaseComesBack()
  let id: string | undefined
  await until('the database takes writes again', async () => {
    id = await say(first).catch(() => undefined)
    return id !== undefined
  })
  await hears(source, id ?? '')
})
