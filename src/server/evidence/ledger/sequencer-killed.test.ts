/** Whatever instant a sequencing process is killed at, each act is in the ledger once, and the ledger is whole. */
import assert from 'node:assert/strict'
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import pg from 'pg'
import { z } from 'zod'
import { defineEvent } from '../../platform/events.ts'
import { record } from '../../platform/record.ts'
import { seedTeam, type SeededTeam } from '../../testing/seed.ts'
import { testServer, type TestServer } from '../../testing/test-server.ts'
import { ledgerSigner } from './keys.ts'
import { openSequencer } from './sequencer.ts'
import { checkLog } from './stored-ledger.fixture.ts'

const noteTaken = defineEvent('killed-test.noted', { area: 'ledger', body: z.object({ text: z.string() }) })
const RANDOM_KILLS = Number(process.env['FORTNIGHT_RUNS'] ?? 5)
const PATIENCE_MS = 30_000

let server: TestServer
let team: SeededTeam
let client: pg.Client
let child: ChildProcess | undefined
const recorded: string[] = []

before(async () => {
  server = await testServer({ start: Date.now() })
  team = await seedTeam(server)
  client = new pg.Client({ connectionString: server.connectionString })
  await client.connect()
  recorded.push(...(await query<{ id: string }>('select id from ledger_pending')).map((row) => row.id))
})
afterEach(() => kill())
after(async () => {
  await client.end()
  await server.stop()
})

const query = async <T extends object>(text: string, values: unknown[] = []): Promise<T[]> =>
  (await server.platform.database.pool.query<T>(text, values)).rows

const until = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
  for (const end = Date.now() + PATIENCE_MS; !(await isSo()); await turn())
    assert.ok(Date.now() < end, `in time: ${what}`)
}

const start = async (): Promise<void> => {
  const file = join(import.meta.dirname, 'sequencer-process.fixture.ts')
  child = fork(file, [server.connectionString, server.platform.config.FORTNIGHT_DATA])
  await once(child, 'message')
}

const kill = async (): Promise<void> => {
  const running = child
  child = undefined
  if (!running) return
  const ended = once(running, 'exit')
  running.kill('SIGKILL')
  await ended
}

const note = async (count: number): Promise<void> => {
  const environments = [team.acmeProd, team.globexProd]
  const ids = await record(server.as(team.administrator.actor), async (tx) =>
    Array.from({ length: count }, (_, n) => {
      const environment = environments[n % 2] as SeededTeam['acmeProd']
      const where = { customerId: environment.customerId, environmentId: environment.id }
      return tx.append(noteTaken, { stream: tx.id(), ...where, body: { text: `note ${n}` } })
    }),
  )
  recorded.push(...ids)
}

/** Another process finishes what the killed one left; then the whole ledger is recomputed. */
const checkAll = async (): Promise<void> => {
  const sequencer = openSequencer(server.platform, server.connectionString)
  await until('the lock of the killed process is free', async () => {
    try {
      await sequencer?.catchUp()
      return true
    } catch (error) {
      assert.match((error as Error).message, /another process/)
      return false
    }
  })
  await sequencer?.stop()
  assert.deepEqual(await query('select 1 from ledger_pending'), [])
  const logs = await query<{ id: string }>('select id from ledger_logs')
  const stored: string[] = []
  for (const { id } of logs) stored.push(...(await checkLog(client, id, ledgerSigner(server.platform))))
  assert.equal(new Set(stored).size, stored.length, 'no act is in the ledger twice')
  const inLedger = new Set(stored)
  assert.deepEqual(
    recorded.filter((id) => !inLedger.has(id)),
    [],
    'no act is missing',
  )
}

// Held by the test, a lock on the next table stops the process between two statements of its transaction.
for (const [table, place] of [
  ['ledger_entries', 'after the leaves left the outbox'],
  ['ledger_tiles', 'after the entries were written'],
  ['ledger_checkpoints', 'after a head was signed and remembered, before it was published'],
] as const) {
  test(`killed ${place}`, async () => {
    await note(600)
    await client.query('begin')
    await client.query(`lock table ${table} in share mode`)
    await start()
    await until('the process waits for the lock', async () => {
      const waiting = await query(
        `select 1 from pg_locks l join pg_class c on c.oid = l.relation
         where c.relname = $1 and not l.granted`,
        [table],
      )
      return waiting.length > 0
    })
    await kill()
    await client.query('rollback')
    await checkAll()
  })
}

test(`killed at ${RANDOM_KILLS} instants of its own while acts keep coming`, async (context) => {
  const seed = Number(process.env['FORTNIGHT_SEED'] ?? Date.now() % 1_000_000)
  context.diagnostic(`FORTNIGHT_SEED=${seed}`)
  let state = seed
  const random = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state % below
  }
  for (let n = 0; n < RANDOM_KILLS; n++) {
    await note(2_000)
    const sizeOf = async (): Promise<number> =>
      (await query<{ size: number }>('select coalesce(sum(size), 0)::int as size from ledger_heads'))[0]
        ?.size ?? 0
    const before = await sizeOf()
    await start()
    await until('the process sequences', async () => (await sizeOf()) > before)
    for (let rounds = random(6); rounds > 0; rounds--) await note(1 + random(300))
    await kill()
  }
  await checkAll()
})
