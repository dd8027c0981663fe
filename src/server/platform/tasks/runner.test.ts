/** The one task table under several processes: nothing is run twice at once, nothing is forgotten, nothing spins. */
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { sql } from 'kysely'
import type { Booted } from '../boot.ts'
import { fixedClock } from '../clock.ts'
import { systemCtx, type Platform } from '../context.ts'
import { record } from '../record.ts'
import { severalProcesses, type SeveralProcesses } from '../several-processes.fixture.ts'
import { until } from '../until.fixture.ts'
import { claimTasks } from './claim.ts'
import { defineRecurring, RECURRING, sowRecurring } from './recurring.ts'
import { openTaskRunner, type TaskRunner } from './runner.ts'
import { defineTask, retryDelayMs, type Lane, type NewTask, type Task, type TaskKind } from './task.ts'

type Note = { readonly note: string }
type Run = { readonly processId: string; readonly note: string; readonly task: Task; readonly at: number }

let runs: Run[]
/** What a handler does, by note; nothing when absent. */
let doing: Map<string, (platform: Platform, task: Task) => Promise<void>>
const EVERY_LANE: readonly Lane[] = ['page', 'mail', 'evidence', 'ordinary', 'heavy']

const kindIn = (
  lane: Lane,
  kind: string,
  more: { leaseMs?: number; longestMs?: number; maxAttempts?: number } = {},
) =>
  defineTask<Note>(kind, {
    lane,
    ...more,
    run: async ({ platform }, { note }, task) => {
      runs.push({ processId: platform.processId, note, task, at: platform.clock.now() })
      await doing.get(note)?.(platform, task)
    },
  })
const ring = kindIn('page', 'test.ring', { leaseMs: 5_000, maxAttempts: 3 })
const post = kindIn('mail', 'test.post', { leaseMs: 5_000 })
const tidy = kindIn('ordinary', 'test.tidy')
const long = kindIn('heavy', 'test.long', { leaseMs: 600, longestMs: 60_000 })
const hasty = kindIn('ordinary', 'test.hasty', { leaseMs: 100 })

let batches: string[][]
/** What happens to a batch; it gives back the notes that it leaves. */
let batching: (platform: Platform, notes: readonly string[]) => Promise<readonly string[]>
const crowd = defineTask<Note>('test.crowd', {
  lane: 'page',
  maxAttempts: 3,
  run: async ({ platform }, { note }, task) => {
    runs.push({ processId: platform.processId, note, task, at: platform.clock.now() })
    await doing.get(note)?.(platform, task)
  },
  together: {
    most: 50,
    run: async ({ platform }, payloads) => {
      const names = payloads.map(({ note }) => note)
      batches.push(names)
      const left = await batching(platform, names)
      return payloads.filter(({ note }) => left.includes(note))
    },
  },
})
const told = defineTask<Note>('test.told', {
  lane: 'page',
  run: async ({ platform }, { note }, task) => {
    runs.push({ processId: platform.processId, note, task, at: platform.clock.now() })
  },
  after: crowd.kind,
})
const manyOf = (count: number) => Array.from({ length: count }, (_, n) => ({ payload: { note: `${n}` } }))

let processes: SeveralProcesses
let runners: TaskRunner[]
before(async () => {
  processes = await severalProcesses()
})
after(() => processes.stop())
beforeEach(() => {
  runs = []
  doing = new Map()
  batches = []
  batching = async () => []
  runners = []
})
afterEach(async () => {
  await Promise.all(runners.map((runner) => runner.stop(1_000)))
  await processes.endAll(
    'delete from tasks',
    'set fortnight.class_guard = off; update installation set released_at = 1',
  )
})

const runnerOf = ({ platform }: Booted, lanes = EVERY_LANE): TaskRunner => {
  const runner = openTaskRunner(platform, lanes)
  runners.push(runner)
  return runner
}
const later = <T>({ platform }: Booted, kind: TaskKind<T>, ...tasks: NewTask<T>[]): Promise<void> =>
  record(systemCtx(platform, 'test'), async (tx) => {
    for (const task of tasks) tx.later(kind, task)
  })
const waiting = async ({ platform }: Booted) =>
  (
    await sql<{
      kind: string
      key: string | null
      due_at: number
      attempt: number
      parked_at: number | null
      lease_until_at: number | null
      last_error: string | null
    }>`
      select kind, key, due_at, attempt, parked_at, lease_until_at, last_error from tasks order by kind, key`.execute(
      platform.database.db,
    )
  ).rows
const notes = () => runs.map((run) => run.note)

test('two hundred tasks among four processes: each is run, and none twice', async () => {
  const all = await Promise.all(Array.from({ length: 4 }, () => processes.another()))
  const [first] = all as [Booted, ...Booted[]]
  const names = Array.from({ length: 200 }, (_, n) => `task ${n}`)
  for (const one of all) runnerOf(one).start()
  await later(first, ring, ...names.map((note) => ({ payload: { note } })))
  await until('every task was run', () => runs.length >= names.length)
  await until('none waits', async () => !(await waiting(first)).some(({ kind }) => kind === ring.kind))
  assert.deepEqual(notes().sort(), names.toSorted())
  assert.ok(new Set(runs.map((run) => run.processId)).size > 1, 'only one process did all the work')
})

test('two processes that claim at the same instant never get the same task', async () => {
  const all = await Promise.all(Array.from({ length: 4 }, () => processes.another()))
  const [first] = all as [Booted, ...Booted[]]
  await later(first, ring, ...Array.from({ length: 60 }, (_, n) => ({ payload: { note: `${n}` } })))
  const claimed: string[] = []
  for (let round = 0; round < 4; round++) {
    const batches = await Promise.all(all.map(({ platform }) => claimTasks(platform, new Map([['page', 7]]))))
    for (const batch of batches) {
      assert.ok(batch.length <= 7)
      claimed.push(...batch.map((task) => task.id))
    }
  }
  assert.equal(new Set(claimed).size, claimed.length)
  assert.equal(claimed.length, 60)
})

test('the task of a process that died is taken over when its lease is over, not before', async () => {
  const clock = fixedClock(1_000_000)
  const dead = await processes.another({ clock })
  const alive = await processes.another({ clock })
  await later(dead, ring, { payload: { note: 'orphan' } })
  assert.equal((await claimTasks(dead.platform, new Map([['page', 1]]))).length, 1)
  const runner = runnerOf(alive)
  clock.advance(5_000)
  assert.equal(await runner.drain(), 0)
  clock.advance(1)
  assert.equal(await runner.drain(), 1)
  assert.deepEqual(
    runs.map((run) => [run.note, run.task.attempt]),
    [['orphan', 2]],
  )
})

test('a run that was overtaken cannot end or postpone the task of its successor', async () => {
  const clock = fixedClock(1_000_000)
  const [slow, quick] = [await processes.another({ clock }), await processes.another({ clock })]
  const gate = Promise.withResolvers<void>()
  doing.set('slow', async (platform, task) => {
    if (task.attempt === 1) await gate.promise
    else if (platform === quick.platform) throw new Error('again later')
  })
  await later(slow, ring, { payload: { note: 'slow' } })
  const first = runnerOf(slow).drain()
  await until('the first run has begun', () => runs.length === 1)
  clock.advance(5_001)
  await runnerOf(quick).drain()
  gate.resolve()
  await first
  const [row] = await waiting(quick)
  assert.equal(row?.attempt, 2)
  assert.equal(row?.last_error, 'Error: again later')
})

test('one waiting task per kind and key: the second replaces the first, cancelling removes it', async () => {
  const clock = fixedClock(1_000_000)
  const one = await processes.another({ clock })
  await later(one, ring, { payload: { note: 'first' }, key: 'k', dueAt: 1_000_100 })
  await later(one, ring, { payload: { note: 'second' }, key: 'k', dueAt: 1_000_200 })
  await later(one, ring, { payload: { note: 'other' }, key: 'other' })
  await later(one, tidy, { payload: { note: 'same key, other kind' }, key: 'k', dueAt: 2_000_000 })
  clock.advance(150)
  const runner = runnerOf(one)
  await runner.drain()
  assert.deepEqual(notes(), ['other'])
  await record(systemCtx(one.platform, 'test'), async (tx) => tx.cancelTask(ring, 'k'))
  clock.advance(1_000)
  await runner.drain()
  assert.deepEqual(notes(), ['other'])
  assert.deepEqual(
    (await waiting(one)).map((row) => row.kind),
    ['test.tidy'],
  )
})

test('in one transaction the last word counts: later then cancel leaves nothing, cancel then later leaves one', async () => {
  const one = await processes.another({ clock: fixedClock(1_000_000) })
  await record(systemCtx(one.platform, 'test'), async (tx) => {
    tx.later(ring, { payload: { note: 'a' }, key: 'gone' })
    tx.cancelTask(ring, 'gone')
    tx.cancelTask(ring, 'stays')
    tx.later(ring, { payload: { note: 'b' }, key: 'stays' })
    tx.later(ring, { payload: { note: 'c' }, key: 'stays' })
  })
  await runnerOf(one).drain()
  assert.deepEqual(notes(), ['c'])
})

test('a handler that asks for the next step under its own key gets it, whoever is quicker', async () => {
  const clock = fixedClock(1_000_000)
  const [one, two] = [await processes.another({ clock }), await processes.another({ clock })]
  doing.set('step 1', async (platform) => {
    await later({ platform } as Booted, ring, { payload: { note: 'step 2' }, key: 'steps' })
    // Another process runs the replacement while this handler has not returned yet.
    if (runs.length === 1) await runnerOf(two).drain()
  })
  doing.set('step 2', async (platform) => {
    if (runs.length === 2)
      await later({ platform } as Booted, ring, { payload: { note: 'step 3' }, key: 'steps' })
  })
  await later(one, ring, { payload: { note: 'step 1' }, key: 'steps' })
  await runnerOf(one).drain()
  assert.deepEqual(notes(), ['step 1', 'step 2', 'step 3'])
  assert.deepEqual(await waiting(one), [])
})

test('a replacement claimed by the very process whose old run is ending survives that ending', async () => {
  const clock = fixedClock(1_000_000)
  const one = await processes.another({ clock })
  doing.set('old', async (platform) => {
    await later({ platform } as Booted, ring, { payload: { note: 'new' }, key: 'k' })
    // Claimed by the same process at attempt 1, as the old one was, and not yet run.
    assert.equal((await claimTasks(platform, new Map([['page', 1]]))).length, 1)
  })
  await later(one, ring, { payload: { note: 'old' }, key: 'k' })
  await runnerOf(one).drain()
  assert.equal((await waiting(one)).length, 1, 'the new task was taken for the old one')
})

test('a handler may cancel its own key while it runs', async () => {
  const one = await processes.another({ clock: fixedClock(1_000_000) })
  doing.set('self', (platform) =>
    record(systemCtx(platform, 'test'), async (tx) => tx.cancelTask(ring, 'self')),
  )
  await later(one, ring, { payload: { note: 'self' }, key: 'self' })
  assert.equal(await runnerOf(one).drain(), 1)
  assert.deepEqual(await waiting(one), [])
})

test('what falls due by the hundred is run together, each of them once, and one alone as ever', async () => {
  const all = await Promise.all(Array.from({ length: 3 }, () => processes.another()))
  const [first] = all as [Booted, ...Booted[]]
  await later(first, crowd, ...manyOf(400))
  for (const one of all) runnerOf(one).start()
  const none = async () => !(await waiting(first)).some(({ kind }) => kind === crowd.kind)
  await until('none waits', none)
  const done = [...batches.flat(), ...notes()]
  assert.deepEqual(
    done.sort(),
    manyOf(400)
      .map(({ payload }) => payload.note)
      .sort(),
  )
  assert.ok(batches.some(({ length }) => length === 50) && batches.every(({ length }) => length <= 50))
  batches = []
  await later(first, crowd, { payload: { note: 'alone' } })
  await until('it is run', () => notes().includes('alone'))
  assert.deepEqual(batches, [])
})

test('a batch that fails is run one by one: what is poisoned is tried again by itself and stops nobody', async () => {
  const clock = fixedClock(1_000_000)
  const one = await processes.another({ clock })
  batching = async (_, names) => {
    if (names.includes('7')) throw new Error('seven is poisoned')
    return []
  }
  doing.set('7', async () => {
    throw new Error('seven is poisoned')
  })
  await later(one, crowd, ...manyOf(40))
  const runner = runnerOf(one)
  await runner.drain()
  assert.equal(new Set([...batches.filter((names) => !names.includes('7')).flat(), ...notes()]).size, 40)
  const [left, ...others] = await waiting(one)
  assert.deepEqual([left?.last_error, left?.attempt, others], ['Error: seven is poisoned', 1, []])
  clock.advance(1_000)
  doing.delete('7')
  await runner.drain()
  assert.deepEqual(await waiting(one), [])
})

test('what a batch leaves, because somebody is at work on it, comes again soon', async () => {
  const clock = fixedClock(1_000_000)
  const one = await processes.another({ clock })
  batching = async (_, names) => names.filter((name) => name === '3')
  await later(one, crowd, ...manyOf(20))
  const runner = runnerOf(one)
  await runner.drain()
  assert.deepEqual(
    (await waiting(one)).map(({ due_at, lease_until_at }) => [due_at, lease_until_at]),
    [[1_000_200, null]],
  )
  clock.advance(200)
  await runner.drain()
  assert.deepEqual(notes(), ['3'])
  assert.deepEqual(await waiting(one), [])
})

test('while batches run, two at most, what waits for what they make is not begun; everything else is', async () => {
  const one = await processes.another()
  const gate = Promise.withResolvers<void>()
  batching = async () => {
    await gate.promise
    return []
  }
  await later(one, crowd, ...manyOf(400))
  runnerOf(one).start()
  await until('two batches run', () => batches.length === 2)
  await later(one, told, { payload: { note: 'told' } })
  await later(one, ring, { payload: { note: 'ring' } })
  await until('the other is run', () => notes().includes('ring'))
  assert.deepEqual([notes(), batches.length], [['ring'], 2])
  gate.resolve()
  await until('it is told when all have begun', () => notes().includes('told'))
  assert.equal(batches.flat().length, 400, 'and not before')
})

test('kinds this process does not know are left for newer ones', async () => {
  const one = await processes.another({ clock: fixedClock(1_000_000) })
  await sql`insert into tasks (id, kind, lane, due_at, created_at)
    values (${one.platform.ids.next(1)}, 'test.from-the-future', 'page', 0, 0)`.execute(
    one.platform.database.db,
  )
  assert.equal(await runnerOf(one).drain(), 0)
  assert.equal((await waiting(one)).length, 1)
})

test('a failing task waits longer each time and is parked after its last attempt, with the reason', async () => {
  const clock = fixedClock(1_000_000)
  const one = await processes.another({ clock })
  doing.set('fails', async () => {
    throw new TypeError('no such thing')
  })
  await later(one, ring, { payload: { note: 'fails' }, key: 'k' })
  const runner = runnerOf(one)
  for (const pauseMs of [1_000, 2_000]) {
    assert.equal(await runner.drain(), 1)
    clock.advance(pauseMs - 1)
    assert.equal(await runner.drain(), 0)
    clock.advance(1)
  }
  assert.equal(await runner.drain(), 1)
  clock.advance(3_600_000)
  assert.equal(await runner.drain(), 0)
  const [row] = await waiting(one)
  assert.notEqual(row?.parked_at, null)
  assert.equal(row?.last_error, 'TypeError: no such thing')
  // A parked task does not stand in the way of a new one with its key.
  doing.delete('fails')
  await later(one, ring, { payload: { note: 'fresh' }, key: 'k' })
  assert.equal(await runner.drain(), 1)
})

test('the pause between attempts doubles from one second up to five minutes', () => {
  assert.deepEqual(
    [1, 2, 3, 4, 9, 10, 50].map(retryDelayMs),
    [1_000, 2_000, 4_000, 8_000, 256_000, 300_000, 300_000],
  )
})

test('while the installation is held nothing goes outward, the rest goes on, and the wait does not spin', async () => {
  const one = await processes.another()
  const { db } = one.platform.database
  await db.transaction().execute(async (tx) => {
    await sql`select set_config('fortnight.class_guard', 'off', true)`.execute(tx)
    await sql`insert into installation (id, organisation, created_at, held_at)
      values (${one.platform.ids.next(1)}, 'Test', 0, 1) on conflict (one) do update set held_at = 1, released_at = null`.execute(
      tx,
    )
  })
  await later(one, ring, { payload: { note: 'page' } })
  await later(one, post, { payload: { note: 'mail' } })
  await later(one, tidy, { payload: { note: 'house' } })
  let queries = 0
  const { pool } = one.platform.database
  const connect = pool.connect.bind(pool) as (...given: unknown[]) => unknown
  pool.connect = ((...given: unknown[]) => {
    queries += 1
    return connect(...given)
  }) as never
  runnerOf(one).start()
  await until('the house is tidied', () => notes().includes('house'))
  const before = queries
  const { promise: second, resolve } = Promise.withResolvers<void>()
  setTimeout(resolve, 600)
  await second
  assert.ok(queries - before < 20, `${queries - before} queries in 0.6 s`)
  assert.deepEqual(notes(), ['house'])
  await db.transaction().execute(async (tx) => {
    await sql`select set_config('fortnight.class_guard', 'off', true)`.execute(tx)
    await sql`update installation set released_at = 2`.execute(tx)
  })
  await until('the page and the mail went out', () => runs.length === 3, 4_000)
})

test('a slow mail server holds up no page', async () => {
  const one = await processes.another()
  const gate = Promise.withResolvers<void>()
  for (let n = 0; n < 20; n++) doing.set(`mail ${n}`, () => gate.promise)
  runnerOf(one).start()
  await later(one, post, ...Array.from({ length: 20 }, (_, n) => ({ payload: { note: `mail ${n}` } })))
  await until('mails are under way', () => runs.length >= 8)
  await later(one, ring, { payload: { note: 'page' } })
  await until('the page is rung', () => notes().includes('page'))
  assert.ok(runs.length < 20, 'a lane has only so many places')
  gate.resolve()
  await until('all mails are sent', () => runs.length === 21)
})

test('a handler that never ends gives its place back after its lease and counts as failed', async () => {
  const one = await processes.another()
  doing.set('endless', () => new Promise(() => undefined))
  await later(one, hasty, { payload: { note: 'endless' } })
  runnerOf(one).start()
  await until('it counts as failed', async () =>
    /no end within its lease/.test((await waiting(one))[0]?.last_error ?? ''),
  )
})

test('a long task keeps its lease while its process lives, and is soon another’s when that is silent', async () => {
  const [one, two] = [await processes.another(), await processes.another()]
  const gate = Promise.withResolvers<void>()
  doing.set('long', ({ processId }) =>
    processId === one.platform.processId ? gate.promise : Promise.resolve(),
  )
  await later(one, long, { payload: { note: 'long' } })
  runnerOf(one).start()
  await until('it is under way', () => runs.length === 1)
  const first = (await waiting(one))[0]?.lease_until_at ?? 0
  runnerOf(two).start()
  await until('its lease was renewed twice', async () => {
    return ((await waiting(one))[0]?.lease_until_at ?? 0) > first + 300
  })
  assert.equal(runs.length, 1, 'nobody else has begun it')
  // As if it had been killed: its lease is that of a process of which nothing is heard any more.
  await sql`update tasks set leased_by = ${one.platform.ids.next(0)}::uuid`.execute(one.platform.database.db)
  await until('another has begun it', () => runs.length === 2, 6_000)
  gate.resolve()
})

test('a new task is begun at once in this process and in others, and within a poll where wake-ups are lost', async () => {
  const [teller, listener] = [await processes.another(), await processes.another()]
  runnerOf(listener).start()
  await until(
    'both listen',
    () => teller.platform.notifier.listening() && listener.platform.notifier.listening(),
  )
  const latency = async (note: string): Promise<number> => {
    const toldAt = performance.now()
    await later(teller, ring, { payload: { note } })
    await until(`${note} is run`, () => notes().includes(note))
    const latencyMs = performance.now() - toldAt
    await until(
      'it is done with',
      async () => !(await waiting(teller)).some(({ kind }) => kind === ring.kind),
    )
    return latencyMs
  }
  assert.ok((await latency('told')) < 500)
  // The teller's notification is lost: it dies between its commit and its NOTIFY.
  Object.assign(teller.platform.notifier, { say: () => undefined })
  // A runner that has just finished something looks again by itself: go on until one was really found by polling.
  for (let n = 0, slowest = 0; slowest < 200; n++) {
    assert.ok(n < 20, 'somebody told after all')
    slowest = await latency(`untold ${n}`)
    assert.ok(slowest < 2_500, `${slowest} ms`)
  }
})

test('a task for later is begun when it is due, without being told', async () => {
  const one = await processes.another()
  runnerOf(one).start()
  const dueAt = one.platform.clock.now() + 400
  await later(one, ring, { payload: { note: 'timed' }, dueAt })
  await until('it is run', () => runs.length === 1)
  const late = (runs[0]?.at ?? 0) - dueAt
  assert.ok(late >= 0 && late < 500, `${late} ms late`)
})

test('a clock that jumps forward finds its tasks; one that is set back neither loses a task nor waits for an old lease', async () => {
  const clock = fixedClock(10_000_000)
  const one = await processes.another({ clock })
  const runner = runnerOf(one)
  runner.start()
  await later(one, ring, { payload: { note: 'tomorrow' }, dueAt: clock.now() + 86_400_000 })
  clock.advance(86_400_000)
  await until('it is run after the jump', () => notes().includes('tomorrow'), 3_000)
  await later(one, tidy, { payload: { note: 'leased' } })
  const [claimed] = await claimTasks(one.platform, new Map([['ordinary', 1]]))
  if (claimed) {
    clock.set(10_000_000)
    await sql`update tasks set due_at = ${clock.now()}`.execute(one.platform.database.db)
  }
  await until('it is run after the clock was set back', () => notes().includes('leased'), 3_000)
})

test('the database goes away and comes back: the runner goes on by itself and loses nothing', async () => {
  const one = await processes.another()
  runnerOf(one).start()
  await later(one, ring, { payload: { note: 'before' } })
  await until('it works', () => notes().includes('before'))
  await later(one, ring, { payload: { note: 'after' }, dueAt: one.platform.clock.now() + 200 })
  await processes.databaseGoesAway()
  await assert.rejects(later(one, ring, { payload: { note: 'refused' } }))
  await processes.databaseComesBack()
  await until('it goes on', () => notes().includes('after'), 8_000)
  await until('wake-ups are heard again', () => one.platform.notifier.listening(), 8_000)
})

test('stopping waits for what runs, and frees what still runs when the patience is over', async () => {
  const one = await processes.another()
  const gate = Promise.withResolvers<void>()
  doing.set('quick', async () => undefined)
  doing.set('stuck', () => gate.promise)
  const runner = runnerOf(one)
  runner.start()
  await later(one, ring, { payload: { note: 'stuck' } })
  await until('it runs', () => runs.length === 1)
  assert.notEqual((await waiting(one))[0]?.lease_until_at, null)
  await runner.stop(50)
  assert.equal((await waiting(one))[0]?.lease_until_at, null)
  await later(one, ring, { payload: { note: 'quick' } })
  assert.equal(runs.length, 1, 'a stopped runner claims nothing')
  gate.resolve()
})

let recurred = 0
let recurringFails = false
const sweep = defineRecurring('test.sweep', {
  lane: 'ordinary',
  everyMs: 60_000,
  run: async () => {
    recurred += 1
    if (recurringFails) throw new Error('this time')
  },
})

test('what recurs is sown once by any number of processes, runs every interval, and is never parked', async () => {
  const clock = fixedClock(1_000_000)
  const all = await Promise.all(Array.from({ length: 3 }, () => processes.another({ clock })))
  const [one] = all as [Booted, ...Booted[]]
  await Promise.all(all.map(({ platform }) => sowRecurring(platform, EVERY_LANE)))
  const rows = () => waiting(one).then((found) => found.filter((row) => row.kind === sweep.kind))
  assert.equal((await rows()).length, 1)
  const runner = runnerOf(one)
  recurred = 0
  await runner.drain()
  assert.equal(recurred, 1)
  await sowRecurring(one.platform, EVERY_LANE)
  await runner.drain()
  assert.equal(recurred, 1, 'sowing again does not bring it forward')
  clock.advance(60_000)
  recurringFails = true
  for (let n = 0; n < 20; n++) {
    await runner.drain()
    clock.advance(300_000)
  }
  assert.equal((await rows())[0]?.parked_at, null)
  recurringFails = false
  const before = recurred
  await runner.drain()
  assert.equal(recurred, before + 1)
  await record(systemCtx(one.platform, 'test'), async (tx) =>
    tx.later(sweep, { payload: {}, key: RECURRING }),
  )
  await runner.drain()
  assert.equal(recurred, before + 2, 'it can be brought forward')
  assert.equal((await rows()).length, 1)
})
