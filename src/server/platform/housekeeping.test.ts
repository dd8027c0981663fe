/** What the platform keeps for a while is forgotten after it, and nothing before. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { tidyPlatform } from './housekeeping.ts'
import { KEPT_MS } from './http/idempotency-store.ts'
import { platformAlone, type PlatformAlone } from './platform-alone.fixture.ts'
import { sowRecurring } from './tasks/recurring.ts'
import { openTaskRunner } from './tasks/runner.ts'

let alone: PlatformAlone
before(async () => {
  alone = await platformAlone()
})
after(() => alone.stop())

test('every hour old replies and processes that are long gone are removed, and this process is kept', async () => {
  const { platform, clock } = alone
  const { db } = platform.database
  const now = clock.now()
  const month = 30 * 24 * 3_600_000
  for (const [key, at] of [
    ['old', now - KEPT_MS - 1],
    ['young', now - KEPT_MS],
  ] as const)
    await sql`insert into idempotency_keys (actor_key, key, route, request_hash, created_at) values ('a', ${key}, 'r', 'h', ${at})`.execute(
      db,
    )
  for (const [host, seenAt] of [
    ['gone', now - month - 1],
    ['recent', now - month],
  ] as const)
    await sql`insert into processes (id, host, pid, roles, version, schema_version, started_at, seen_at)
      values (${platform.ids.next(now)}, ${host}, 1, '{}', '0', 1, 0, ${seenAt})`.execute(db)
  await sowRecurring(platform, [tidyPlatform.lane])
  const runner = openTaskRunner(platform, [tidyPlatform.lane])
  await runner.drain()
  const { rows: keys } = await sql<{ key: string }>`select key from idempotency_keys`.execute(db)
  assert.deepEqual(keys, [{ key: 'young' }])
  const { rows: hosts } = await sql<{
    host: string
  }>`select host from processes where host in ('gone', 'recent')`.execute(db)
  assert.deepEqual(hosts, [{ host: 'recent' }])
  const { rows: own } = await sql`select 1 from processes where id = ${platform.processId}`.execute(db)
  assert.equal(own.length, 1)
  const { rows: tasks } = await sql<{
    due_at: number
  }>`select due_at from tasks where kind = ${tidyPlatform.kind}`.execute(db)
  assert.deepEqual(tasks, [{ due_at: now + 3_600_000 }])
})
