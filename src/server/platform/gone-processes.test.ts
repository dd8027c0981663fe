/** What a dead process had begun goes on within seconds; a process that only lost a connection keeps what it has. */
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { sql } from 'kysely'
import { fixedClock } from './clock.ts'
import { lookAfterOthers, whenProcessGone } from './gone-processes.ts'
import { severalProcesses, type SeveralProcesses } from './several-processes.fixture.ts'

let processes: SeveralProcesses
const inherited: string[] = []
whenProcessGone(async (_ctx, id) => inherited.push(id))
before(async () => {
  processes = await severalProcesses()
})
afterEach(async () => {
  inherited.length = 0
  await processes.endAll('delete from tasks', 'delete from processes')
})
after(() => processes.stop())

type Booted = Awaited<ReturnType<SeveralProcesses['another']>>

const holdsLock = async ({ database }: Booted, id: string): Promise<boolean> => {
  const { rows } = await sql<{
    held: boolean
  }>`select holds_lock as held from processes where id = ${id}::uuid`.execute(database.db)
  return rows[0]?.held ?? false
}
const until = async (
  what: string,
  holds: () => Promise<boolean> | boolean,
  withinMs: number,
): Promise<number> => {
  const startedAt = performance.now()
  while (!(await holds())) {
    if (performance.now() - startedAt > withinMs) throw new Error(`not within ${withinMs} ms: ${what}`)
    await new Promise((next) => setTimeout(next, 20))
  }
  return performance.now() - startedAt
}
const leasedBy = async ({ database }: Booted): Promise<(string | null)[]> =>
  (await sql<{ by: string | null }>`select leased_by as by from tasks`.execute(database.db)).rows.map(
    ({ by }) => by,
  )
const lease = ({ database }: Booted, id: string) =>
  sql`insert into tasks (id, kind, lane, due_at, created_at, leased_by, lease_until_at, attempt)
      values (gen_random_uuid(), 'test.begun', 'page', 1, 1, ${id}::uuid, ${Number.MAX_SAFE_INTEGER}, 1)`.execute(
    database.db,
  )

/** As the database sees a SIGKILL: the connections are gone, and nobody said goodbye. */
const die = async (one: Booted): Promise<void> => one.platform.notifier.close()

test('what a dead process had begun is free within five seconds, whatever the clocks say', async () => {
  const [dead, heir] = [await processes.another({ clock: fixedClock(9_000_000) }), await processes.another()]
  await until(
    'both hold their lock',
    async () => (await holdsLock(heir, dead.process.id)) && holdsLock(heir, heir.process.id),
    5_000,
  )
  await lease(dead, dead.process.id)
  const look = lookAfterOthers(heir.platform)
  await look()
  assert.deepEqual(await leasedBy(heir), [dead.process.id])
  await die(dead)
  await until('its task is free', async () => (await look(), (await leasedBy(heir))[0] === null), 5_000)
  assert.deepEqual(inherited, [dead.process.id])
  await look()
  assert.deepEqual(inherited, [dead.process.id], 'it is buried once')
})

test('a process whose connection was cut, and that has another, keeps what it has begun', async () => {
  const [cut, other] = [await processes.another(), await processes.another()]
  await until(
    'both hold their lock',
    async () => (await holdsLock(other, cut.process.id)) && holdsLock(other, other.process.id),
    5_000,
  )
  await lease(cut, cut.process.id)
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'fortnight notify'
            and datname = current_database()`.execute(other.database.db)
  const look = lookAfterOthers(other.platform)
  const startedAt = performance.now()
  await until('a while has passed', async () => (await look(), performance.now() - startedAt > 3_500), 6_000)
  assert.deepEqual(await leasedBy(other), [cut.process.id])
  assert.deepEqual(inherited, [])
})

test('of a version that holds no lock, and of one that stopped in order, nothing is concluded', async () => {
  const other = await processes.another()
  const older = '00000000-0000-7000-8000-000000000077'
  await sql`insert into processes (id, host, pid, roles, version, schema_version, started_at, seen_at)
            values (${older}::uuid, 'h', 1, '{engine}', '0', 1, 1, 1)`.execute(other.database.db)
  await lease(other, older)
  const look = lookAfterOthers(other.platform)
  const startedAt = performance.now()
  await until('a while has passed', async () => (await look(), performance.now() - startedAt > 3_000), 6_000)
  assert.deepEqual([await leasedBy(other), inherited], [[older], []])
})
