/** The auditor of paging: it alarms when a promise is not kept, tells once and by its own way, and says nothing false. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import pg from 'pg'
import { uuidv7 } from '../platform/ids.ts'
import { acknowledgePage } from '../operations/paging/acknowledge-page.ts'
import { startDrill } from '../operations/paging/drills/start-drill.ts'
import { MINUTE, pagingTest, type PagingTest } from '../operations/paging/paging.fixture.ts'
import { listAlarms } from './index.ts'
import { claimDueAlarms, openConnection } from './store.ts'
import { openTell, type Tell } from './tell-administrators.ts'
import {
  BETWEEN_MAILS_MS,
  LOOK_EVERY_MS,
  openWatch,
  STEADY_AFTER_MS,
  TELL_EVERY_MS,
  type Watch,
} from './watch.ts'

let paging: PagingTest
let pool: pg.Pool
const ids = uuidv7()
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }

before(async () => {
  paging = await pagingTest({ env: { BASE_URL: 'http://fortnight.test' } })
  pool = openConnection(paging.server.connectionString)
})
after(async () => {
  await pool?.end()
  await paging?.stop()
})

const query = (text: string, ...values: unknown[]) => paging.server.platform.database.pool.query(text, values)
const now = () => paging.server.clock.now()
const ada = () => paging.team.administrator

/** Writes as an engine would: alive at this moment, and claiming what is due. */
const engineAlive = async (): Promise<unknown> => {
  await beat()
  return livesOn()
}
const beat = () =>
  query(
    `insert into paging_beat (one, beat_at, checked_at, findings) values (true, $1, $1, '[]')
     on conflict (one) do update set beat_at = $1`,
    now(),
  )
const livesOn = () =>
  query(
    `insert into processes (id, host, pid, roles, version, schema_version, started_at, seen_at)
     values ('01890000-0000-7000-8000-00000000e001', 'one', 1, '{engine}', '0', 0, $1, $1)
     on conflict (id) do update set seen_at = $1, stopped_at = null`,
    now(),
  )

type Watcher = Watch & { readonly told: string[][] }
const watcher = (
  given: { pagesByMail?: boolean; tell?: Tell; pool?: pg.Pool; canTell?: boolean; elsewhere?: boolean } = {},
): Watcher => {
  const told: string[][] = []
  const tell: Tell = async (_administrators, alarms) => {
    told.push(alarms.map(({ title }) => title))
    return { told: true, answer: 'kept' }
  }
  const watch = openWatch({
    pool: given.pool ?? pool,
    clock: paging.server.clock,
    ids,
    log: quiet,
    baseUrl: 'http://fortnight.test',
    pagesByMail: given.pagesByMail ?? true,
    canTell: given.canTell ?? true,
    tell: given.tell ?? tell,
    serverReachesDatabase: async () => given.elsewhere ?? false,
    about: { id: ids.next(now()), host: 'watcher', pid: 2, version: '0' },
  })
  return { ...watch, told }
}

/** Looks as the process does, every few seconds, with the engine alive or not. */
const lookFor = async (ms: number, watch: Watch, engine: () => Promise<unknown> = engineAlive) => {
  for (let passed = 0; passed < ms; passed += LOOK_EVERY_MS) {
    paging.server.clock.advance(LOOK_EVERY_MS)
    await engine()
    await watch.look()
  }
}
const dead = async (): Promise<void> => undefined
const under = async (...kinds: string[]) => {
  const { rows } = await query(
    'select kind, subject, since_at, told_at from alarms where ended_at is null order by kind',
  )
  return kinds.length === 0 ? rows : rows.filter((row: { kind: string }) => kinds.includes(row.kind))
}
const kindsUnderWay = async () => [...new Set((await under()).map((row: { kind: string }) => row.kind))]

/** As if the sequencer and sealing had done their work: these tests run no tasks unless they say so. */
const evidenceIsInTheLedger = async () => {
  await query('delete from ledger_pending')
  await query(`update alert_receipts set received_at = $1`, now() + 24 * 3_600_000)
}
const parkATask = () =>
  query(
    `insert into tasks (id, kind, lane, due_at, parked_at, created_at) values ($1, 'mail.send', 'mail', $2, $2, $2)`,
    ids.next(now()),
    now(),
  )
const unparkTasks = () => query('delete from tasks where parked_at is not null')
/** What the class guard of the tests would refuse: a row put to rights behind everybody's back. */
const behindTheGuard = async (text: string) => {
  const client = new pg.Client({ connectionString: paging.server.connectionString })
  await client.connect()
  await client.query('set fortnight.class_guard = off')
  await client.query(text)
  await client.end()
}

beforeEach(async () => {
  const open = await query(`select id from pages where status = 'open'`)
  for (const { id } of open.rows) await acknowledgePage(paging.server.as(ada().actor), { pageId: id })
  await query('delete from alarms')
  await beatWith([])
  await unparkTasks()
  paging.server.clock.advance(2 * TELL_EVERY_MS)
  await evidenceIsInTheLedger()
  paging.mail.received.length = 0
  paging.mail.refuseWith = undefined
})
const ring = async (name: string) => {
  await paging.fire(paging.team.acmeProd, { name })
  await evidenceIsInTheLedger()
  return (await paging.pagesOf(paging.team.acmeProd)).at(-1)!
}

const beatWith = (findings: readonly object[]) =>
  query(
    `insert into paging_beat (one, beat_at, checked_at, findings) values (true, $1, $1, $2::jsonb)
     on conflict (one) do update set findings = $2::jsonb`,
    now(),
    JSON.stringify(findings),
  )

describe('what stands and rings nowhere', () => {
  const rota = '01890000-0000-7000-8000-0000000000aa'
  const empty = { kind: 'empty-schedule', subject: rota, detail: 'Nobody is on call in Primary.', sinceAt: 1 }
  const bo = { kind: 'unverified-contact', subject: rota, detail: 'Nothing proven reaches Bo.', sinceAt: 1 }

  it('alarms on an empty rota and on somebody whom nothing proven reaches, tells it once a day, and ends it with its cause', async () => {
    const watch = watcher()
    await engineAlive()
    await beatWith([empty, bo])
    await lookFor(MINUTE, watch)
    assert.deepEqual(await kindsUnderWay(), ['empty-schedule', 'unverified-contact'])
    assert.equal(watch.told.length, 1)
    await lookFor(20 * MINUTE, watch)
    assert.equal(watch.told.length, 1, 'not again after a quarter of an hour')
    paging.server.clock.advance(24 * 3_600_000)
    await lookFor(2 * MINUTE, watch)
    assert.equal(watch.told.length, 2)
    await beatWith([])
    await lookFor(MINUTE, watch)
    assert.deepEqual(await kindsUnderWay(), [])
  })

  it('alarms on a drill that nobody took until one of its kind is taken', async () => {
    const watch = watcher()
    const admin = paging.server.as(ada().actor)
    await startDrill(admin, { environment: paging.team.acmeProd.slug })
    await paging.drain()
    paging.server.clock.advance(16 * MINUTE)
    await paging.drain()
    await evidenceIsInTheLedger()
    await lookFor(MINUTE, watch)
    assert.deepEqual(await kindsUnderWay(), ['drill-missed'])
    const another = await startDrill(admin, { environment: paging.team.acmeProd.slug })
    await paging.drain()
    const page = (await paging.pagesOf(paging.team.acmeProd)).at(-1)!
    await acknowledgePage(admin, { pageId: page.id })
    await evidenceIsInTheLedger()
    await lookFor(MINUTE, watch)
    assert.deepEqual(await kindsUnderWay(), [], another.id)
  })
})

describe('an engine that lives and claims nothing', () => {
  it('is an alarm within 80 seconds, stops our own heartbeat, and both end with its next beat', async () => {
    const watch = watcher()
    await lookFor(MINUTE, watch)
    assert.equal(watch.pagingHealthy(), true)
    await lookFor(80_000, watch, livesOn)
    assert.deepEqual(await kindsUnderWay(), ['engine-idle'])
    assert.equal(watch.pagingHealthy(), false)
    await lookFor(10_000, watch)
    assert.deepEqual([await kindsUnderWay(), watch.pagingHealthy()], [[], true])
  })

  it('is not healthy while it is dead, nor while the database is away', async () => {
    const watch = watcher()
    await lookFor(MINUTE, watch)
    await lookFor(MINUTE, watch, dead)
    assert.equal(watch.pagingHealthy(), false)
    await lookFor(MINUTE, watch)
    assert.equal(watch.pagingHealthy(), true)
    await query('alter table paging_beat rename to elsewhere')
    await watch.look()
    await query('alter table elsewhere rename to paging_beat')
    assert.equal(watch.pagingHealthy(), false)
  })
})

describe('what it alarms about', () => {
  it('finds nothing while everything works', async () => {
    const watch = watcher()
    await ring('All well')
    await paging.drain()
    await lookFor(2 * MINUTE, watch)
    assert.deepEqual(await under(), [])
    assert.deepEqual(watch.told, [])
  })

  it('alarms within 25 seconds when the engine is gone and a promise waits, and tells every administrator', async () => {
    const watch = watcher({
      tell: openTell(
        { SMTP_URL: paging.mail.url, MAIL_FROM: 'Watch <watch@example.org>' },
        'http://fortnight.test',
      ),
    })
    await engineAlive()
    await lookFor(STEADY_AFTER_MS, watch)
    const page = await ring('Engine gone')
    await lookFor(25_000, watch, dead)
    const alarms = await under('promise-without-outcome', 'no-engine')
    assert.deepEqual(
      alarms.map((row: { kind: string; subject: string }) => [row.kind, row.subject]),
      [
        ['no-engine', 'engine'],
        ['promise-without-outcome', page.id],
      ],
    )
    const mails = paging.mailsTo(ada())
    assert.ok(mails.length >= 1)
    assert.match(mails[0]?.subject ?? '', /^\[Fortnight alarm\]/)
    assert.match(mails[0]?.text ?? '', /What to do: /)
    assert.equal(paging.mail.received.length, mails.length, 'and nobody else')
  })

  it('ends the alarm when the promise is kept', async () => {
    const watch = watcher()
    await lookFor(STEADY_AFTER_MS, watch)
    const page = await ring('Late')
    await lookFor(30_000, watch)
    assert.deepEqual(await kindsUnderWay(), ['promise-without-outcome'])
    await paging.drain()
    await lookFor(LOOK_EVERY_MS, watch)
    assert.deepEqual(await under(), [])
    const { rows } = await listAlarms(paging.server.as(ada().actor))
    assert.deepEqual(
      [rows[0]?.kind, rows[0]?.subject, rows[0]?.endedAt !== null],
      ['promise-without-outcome', page.id, true],
    )
  })

  it('tells a vanished sender from one that never began, and leaves a running lease alone', async () => {
    const watch = watcher()
    await lookFor(STEADY_AFTER_MS, watch)
    const page = await ring('Vanished')
    const intent = (await paging.intentsOf(page.id)).find(({ channel }) => channel === 'email')!
    const leased = {
      intent_id: intent.id,
      attempt: 1,
      due_at: now(),
      lease_until_at: now() + 30_000,
      last_answer: null,
    }
    await paging.server.platform.database.db.insertInto('page_sends').values(leased).execute()
    await lookFor(45_000, watch)
    assert.deepEqual(await under('promise-without-outcome'), [])
    await lookFor(LOOK_EVERY_MS, watch)
    assert.equal((await under('promise-without-outcome')).length, 1)
    const { rows } = await listAlarms(paging.server.as(ada().actor))
    assert.match(rows[0]?.detail ?? '', /whoever began to send has vanished/)
  })

  it('alarms about a step that has not begun, and about a page of which nobody has been told', async () => {
    const watch = watcher()
    paging.mail.refuseWith = 550
    await lookFor(STEADY_AFTER_MS, watch)
    await ring('Refused')
    await paging.drain()
    await evidenceIsInTheLedger()
    await lookFor(MINUTE, watch)
    assert.deepEqual(await kindsUnderWay(), [])
    await lookFor(LOOK_EVERY_MS, watch)
    assert.deepEqual(await kindsUnderWay(), ['nobody-told'])
    await lookFor(4 * MINUTE + 10_000, watch)
    assert.deepEqual(await kindsUnderWay(), ['nobody-told'], 'five minutes and its grace')
    await lookFor(2 * LOOK_EVERY_MS, watch)
    assert.deepEqual(await kindsUnderWay(), ['nobody-told', 'step-late'])
  })

  it('alarms about parked tasks, late evidence, a wrong clock, and mail that is off while people depend on it', async () => {
    const watch = watcher({ pagesByMail: false })
    await parkATask()
    await query(
      `insert into ledger_pending (id, log_id, leaf, leaf_hash, created_at) select $1, id, '', '', $2 from ledger_logs limit 1`,
      ids.next(now()),
      now(),
    )
    await engineAlive()
    await watch.look()
    assert.deepEqual(await kindsUnderWay(), ['mail-off', 'tasks-parked'])
    await lookFor(2 * MINUTE, watch, async () => {
      await engineAlive()
      await query(`update processes set clock_offset_ms = -2500 where host = 'one'`)
    })
    await lookFor(LOOK_EVERY_MS, watch)
    assert.deepEqual(await kindsUnderWay(), ['clock-skew', 'evidence-late', 'mail-off', 'tasks-parked'])
    await query(`update processes set clock_offset_ms = 0`)
  })

  it('finds alerts that are stored and not sealed', async () => {
    const watch = watcher()
    await ring('Unsealed')
    await paging.drain()
    await evidenceIsInTheLedger()
    await query(`update alert_receipts set received_at = $1`, now())
    await lookFor(2 * MINUTE + LOOK_EVERY_MS, watch)
    assert.deepEqual(
      (await under()).map((row: { kind: string; subject: string }) => [row.kind, row.subject]),
      [['evidence-late', 'alert-receipts']],
    )
  })
})

describe('telling', () => {
  it('tells the same thing every 15 minutes at most, also when it ends and begins again', async () => {
    const watch = watcher()
    const times = () => watch.told.flat().filter((title) => /Tasks have failed/.test(title)).length
    await lookFor(STEADY_AFTER_MS, watch)
    await parkATask()
    await lookFor(14 * MINUTE, watch)
    assert.equal(times(), 1)
    await lookFor(2 * MINUTE, watch)
    assert.equal(times(), 2, 'it goes on')
    await unparkTasks()
    await lookFor(LOOK_EVERY_MS, watch)
    assert.deepEqual(await under('tasks-parked'), [])
    await parkATask()
    await lookFor(12 * MINUTE, watch)
    assert.equal((await under('tasks-parked')).length, 1)
    assert.equal(times(), 2)
    await lookFor(3 * MINUTE, watch)
    assert.equal(times(), 3)
  })

  it('two watchers tell once', async () => {
    const pools = [1, 2].map(() => openConnection(paging.server.connectionString))
    const both = pools.map((each) => watcher({ pool: each }))
    for (let round = 0; round < 4; round++)
      await Promise.all(both.map((each) => lookFor(LOOK_EVERY_MS, each)))
    await ring('Two watchers')
    for (let round = 0; round < 12; round++) {
      paging.server.clock.advance(LOOK_EVERY_MS)
      await engineAlive()
      await Promise.all(both.map((each) => each.look()))
    }
    const told = both.flatMap((each) => each.told.flat()).filter((title) => /promised/.test(title))
    await Promise.all(pools.map((each) => each.end()))
    assert.equal(told.length, 1)
    assert.equal((await under('promise-without-outcome')).length, 1)
  })

  it('of several that claim at the same moment each alarm goes to one', async () => {
    const pools = Array.from({ length: 6 }, () => openConnection(paging.server.connectionString))
    for (let round = 0; round < 5; round++) {
      await query('delete from alarms')
      await query(
        `insert into alarms (id, kind, subject, detail, since_at, raised_at, seen_at, tell_after_at)
         select gen_random_uuid(), 'tasks-parked', n::text, '', 0, 0, 0, 0 from generate_series(1, 50) n`,
      )
      const window = { now: now(), untilAt: now() + MINUTE, betweenMs: MINUTE }
      const claimed = await Promise.all(pools.map((each) => claimDueAlarms(each, window)))
      const ids = claimed.flat().map(({ id }) => id)
      assert.deepEqual([ids.length, new Set(ids).size], [50, 50])
    }
    await Promise.all(pools.map((each) => each.end()))
  })

  it('a storm is told in one mail and not in hundreds', async () => {
    const watch = watcher()
    await lookFor(STEADY_AFTER_MS, watch)
    for (const environment of [paging.team.acmeProd, paging.team.acmeStaging, paging.team.globexProd])
      await paging.fire(environment, { name: 'Storm' })
    await lookFor(BETWEEN_MAILS_MS, watch)
    assert.equal(watch.told.length, 1)
    assert.ok(watch.told[0]!.length >= 3)
  })

  it('a mail server that refuses is tried again after half a minute', async () => {
    let tries = 0
    const watch = watcher({
      tell: async () => {
        tries += 1
        return { told: tries > 1, answer: 'refused' }
      },
    })
    await lookFor(STEADY_AFTER_MS, watch)
    await ring('Refusing')
    await lookFor(20_000, watch)
    assert.equal(tries, 1)
    await lookFor(35_000, watch)
    assert.equal(tries, 2)
  })
})

describe('what it does not say', () => {
  it('after it starts it waits before it blames the engine, and says nothing while the installation is held', async () => {
    const watch = watcher()
    await ring('Just started')
    paging.server.clock.advance(10 * MINUTE)
    await watch.look()
    assert.deepEqual(await under(), [])
    await behindTheGuard('update installation set held_at = 1, released_at = null')
    await lookFor(MINUTE, watch)
    assert.deepEqual(await under(), [])
    await behindTheGuard('update installation set held_at = null')
    await lookFor(LOOK_EVERY_MS, watch)
    assert.ok((await kindsUnderWay()).includes('promise-without-outcome'))
  })

  it('a machine that slept blames nobody for what nobody could do', async () => {
    const watch = watcher()
    await lookFor(MINUTE, watch)
    await ring('Slept')
    paging.server.clock.advance(60 * MINUTE)
    await watch.look()
    assert.deepEqual(await under(), [])
  })

  it('with the database away it keeps trying, and when it is back it waits before it judges', async () => {
    const name = new URL(paging.server.connectionString).pathname.slice(1)
    const elsewhere = new URL(paging.server.connectionString)
    elsewhere.pathname = '/postgres'
    const admin = new pg.Client({ connectionString: elsewhere.toString() })
    await admin.connect()
    const own = openConnection(paging.server.connectionString)
    const watch = watcher({ pool: own })
    await lookFor(MINUTE, watch)
    await ring('Away')
    const away = async (work: () => Promise<void>) => {
      await admin.query(`alter database ${name} with allow_connections false`)
      await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = $1`, [name])
      try {
        await work()
      } finally {
        await admin.query(`alter database ${name} with allow_connections true`)
        await admin.end()
      }
    }
    await away(async () => {
      await lookFor(MINUTE, watch, dead)
      assert.deepEqual(watch.told, [], 'a restart of the database is no alarm')
      await lookFor(2 * LOOK_EVERY_MS, watch, dead)
      assert.equal(watch.told.length, 1)
      assert.match(watch.told[0]![0]!, /The database does not answer/)
      await lookFor(10 * MINUTE, watch, dead)
      assert.equal(watch.told.length, 1, 'once in 15 minutes')
    })
    await lookFor(10_000, watch, dead)
    assert.deepEqual(await under(), [], 'the engine could give no sign of life')
    await engineAlive()
    await paging.drain()
    await lookFor(MINUTE, watch)
    assert.deepEqual(
      (await kindsUnderWay()).filter((kind) => kind !== 'step-late'),
      [],
    )
    await own.end()
  })

  it('says nothing about the database when a server that people use reaches it', async () => {
    for (const elsewhere of [true, false]) {
      const own = openConnection(paging.server.connectionString)
      const watch = watcher({ pool: own, elsewhere })
      await lookFor(MINUTE, watch)
      await own.end()
      await lookFor(5 * MINUTE, watch, dead)
      assert.equal(watch.told.length, elsewhere ? 0 : 1)
    }
  })
})

describe('what is shown', () => {
  it('lists alarms to people, counts them in the metrics and at /health/ready, and says whether anybody watches', async () => {
    const watch = watcher()
    await lookFor(STEADY_AFTER_MS, watch)
    const page = await ring('Shown')
    await lookFor(30_000, watch)
    const get = (url: string, token?: string) =>
      paging.server.http.inject({ url, ...(token ? { headers: { authorization: `Bearer ${token}` } } : {}) })
    assert.equal((await get('/api/alarms')).statusCode, 401)
    const listed = (await get('/api/alarms', paging.team.auditor.token)).json()
    assert.equal(listed.watched, true)
    assert.equal(listed.rows[0].subject, page.id)
    assert.match(listed.rows[0].advice, /tell people yourself/)
    const ready = (await get('/health/ready')).json()
    assert.deepEqual([ready.watched, ready.alarms], [true, { 'promise-without-outcome': 1 }])
    assert.match((await get('/metrics')).body, /fortnight_alarms\{kind="promise-without-outcome"\} 1/)
    await paging.drain()
    await lookFor(LOOK_EVERY_MS, watch)
    assert.match((await get('/metrics')).body, /fortnight_alarms\{kind="promise-without-outcome"\} 0/)
    paging.server.clock.advance(MINUTE)
    assert.equal((await get('/health/ready')).json().watched, false)
  })
})
