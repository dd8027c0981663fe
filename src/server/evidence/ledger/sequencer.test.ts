/** What waits becomes the ledger: whole, once, in order, by one process at a time. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { z } from 'zod'
import { encodeLeaf, leafHash } from '../../../domain/evidence/ledger/index.ts'
import { defineEvent } from '../../platform/events.ts'
import { sha256 } from '../../platform/evidence-outbox.ts'
import { record } from '../../platform/record.ts'
import { seedTeam, type SeededTeam } from '../../testing/seed.ts'
import { testServer, type TestServer } from '../../testing/test-server.ts'
import { ledgerSigner, type LedgerSigner } from './keys.ts'
import { Deposed, sequenceLog } from './sequence-log.ts'
import { openSequencer, type Sequencer } from './sequencer.ts'
import { checkLog } from './stored-ledger.fixture.ts'

const noteTaken = defineEvent('sequencer-test.noted', {
  area: 'ledger',
  body: z.object({ text: z.string() }),
})

let server: TestServer
let team: SeededTeam
let sequencer: Sequencer
let signer: LedgerSigner

before(async () => {
  server = await testServer()
  team = await seedTeam(server)
  sequencer = openSequencer(server.platform, server.connectionString) as Sequencer
  signer = ledgerSigner(server.platform) as LedgerSigner
})
after(async () => {
  await sequencer.stop()
  await server.stop()
})

const query = async <T extends object>(text: string, values: unknown[] = []): Promise<T[]> =>
  (await server.platform.database.pool.query<T>(text, values)).rows

const logOf = async (environmentId: string | null): Promise<string> => {
  const rows = await query<{ id: string }>(
    'select id from ledger_logs where environment_id is not distinct from $1',
    [environmentId],
  )
  return rows[0]?.id ?? ''
}

const note = (count: number, environment = team.acmeProd): Promise<string[]> =>
  record(server.as(team.administrator.actor), async (tx) =>
    Array.from({ length: count }, (_, n) =>
      tx.append(noteTaken, {
        stream: tx.id(),
        customerId: environment.customerId,
        environmentId: environment.id,
        body: { text: `note ${n}` },
      }),
    ),
  )

/** Many leaves that wait, without the acts behind them: what is tested is only how they are taken in. */
const fillPending = async (logId: string, count: number): Promise<void> => {
  const now = server.clock.now()
  const rows = Array.from({ length: count }, () => {
    const id = server.platform.ids.next(now)
    const at = new Date(now).toISOString()
    const about = {
      type: 'sequencer-test.noted',
      at,
      actor: 'a_somebody',
      via: 'web',
      refs: [],
      sd: [],
    } as const
    const leaf = Buffer.from(encodeLeaf({ v: 1, log: logId, id, ...about }))
    return { id, leaf, hash: Buffer.from(leafHash(leaf, sha256)) }
  })
  await query(
    `insert into ledger_pending (id, log_id, leaf, leaf_hash, created_at)
     select id, $1, leaf, hash, $2 from unnest($3::uuid[], $4::bytea[], $5::bytea[]) as p (id, leaf, hash)`,
    [logId, now, rows.map(({ id }) => id), rows.map(({ leaf }) => leaf), rows.map(({ hash }) => hash)],
  )
}

const check = (logId: string): Promise<string[]> => checkLog(server.platform.database.pool, logId, signer)

test('every act of every log is sequenced once, signed, and held by the organisation log', async () => {
  const waiting = await query<{ id: string }>('select id from ledger_pending')
  assert.ok(waiting.length > 30)
  await sequencer.catchUp()
  assert.deepEqual(await query('select 1 from ledger_pending'), [])
  const logs = await query<{ id: string; environment_id: string | null }>(
    'select id, environment_id from ledger_logs',
  )
  const stored = (await Promise.all(logs.map(({ id }) => check(id)))).flat()
  for (const { id } of waiting) assert.equal(stored.filter((one) => one === id).length, 1)
  for (const { id } of logs) {
    const [newest] = await query<{ size: number }>(
      'select max(size) as size from ledger_checkpoints where log_id = $1',
      [id],
    )
    assert.equal(newest?.size, (await check(id)).length)
  }
  const anchors = await query<{ stream_id: string }>(
    `select distinct stream_id from events where type = 'log.checkpointed'`,
  )
  assert.deepEqual(
    anchors.map((row) => row.stream_id).sort(),
    logs.flatMap(({ id, environment_id }) => (environment_id ? [id] : [])).sort(),
  )
})

test('full tiles are written as they fill, over many batches and both sides of 256', async () => {
  const logId = await logOf(team.acmeStaging.id)
  const before = (await check(logId)).length
  for (const count of [256 - before - 1, 1, 1, 511, 2_300]) {
    await note(count, team.acmeStaging)
    await sequencer.catchUp()
    await check(logId)
  }
  assert.equal((await check(logId)).length, 256 + 1 + 511 + 2_300)
})

test('a tile of the second level is made of the tiles below it', async () => {
  const logId = await logOf(team.globexProd.id)
  await sequencer.catchUp()
  const [{ size } = { size: 0 }] = await query<{ size: number }>(
    'select size from ledger_heads where log_id = $1',
    [logId],
  )
  await fillPending(logId, 65_536 + 3 - size)
  await sequencer.catchUp()
  const ids = await check(logId)
  assert.equal(ids.length, 65_539)
  const tiles = await query(`select 1 from ledger_tiles where log_id = $1 and level = 1`, [logId])
  assert.equal(tiles.length, 1)
})

test('a deposed sequencer finds a larger fence and writes nothing more', async () => {
  await sequencer.catchUp()
  const logId = await logOf(team.acmeProd.id)
  const [{ fence } = { fence: 0 }] = await query<{ fence: number }>('select fence from ledger_sequencer')
  await sequencer.stop()
  const other = openSequencer(server.platform, server.connectionString) as Sequencer
  const ids = await note(3)
  await assert.rejects(async () => {
    await other.catchUp()
    await note(1)
    // The old one never noticed that its lock was gone: it goes on with the fence it has.
    await sequenceLog(server.platform, fence, logId)
  }, Deposed)
  await other.catchUp()
  const stored = await check(logId)
  for (const id of ids) assert.equal(stored.filter((one) => one === id).length, 1)
  await other.stop()
})

test('without the key nobody stands; acts go on, and wait in the outbox', async () => {
  const { secrets } = server.platform
  const keyless = { ...server.platform, secrets: { ...secrets, ledgerKey: undefined } }
  assert.equal(openSequencer(keyless, server.connectionString), undefined)
  const [id] = await note(1)
  assert.equal((await query('select 1 from ledger_pending where id = $1', [id])).length, 1)
  await sequencer.catchUp()
  assert.deepEqual(await query('select 1 from ledger_pending'), [])
  await sequencer.stop()
})

test('while one process sequences another stands aside, and takes over when it leaves', async () => {
  const other = openSequencer(server.platform, server.connectionString) as Sequencer
  await other.catchUp()
  await assert.rejects(sequencer.catchUp(), /another process sequences/)
  await other.stop()
  await note(2)
  await sequencer.catchUp()
  await check(await logOf(team.acmeProd.id))
})

test('a leaf that was changed while it waited stops its log and no other', async () => {
  const [damaged] = await note(1)
  const [fine] = await note(1, team.acmeStaging)
  await query(
    `update ledger_pending set leaf = convert_to(replace(convert_from(leaf, 'UTF8'), '"web"', '"cli"'), 'UTF8')
    where id = $1`,
    [damaged],
  )
  await sequencer.catchUp()
  assert.deepEqual(
    (await query<{ id: string }>('select id from ledger_pending')).map((row) => row.id),
    [damaged],
  )
  assert.ok((await check(await logOf(team.acmeStaging.id))).includes(fine as string))
  await query(
    `update ledger_pending set leaf = convert_to(replace(convert_from(leaf, 'UTF8'), '"cli"', '"web"'), 'UTF8')
    where id = $1`,
    [damaged],
  )
  await sequencer.catchUp()
  assert.ok((await check(await logOf(team.acmeProd.id))).includes(damaged as string))
})

test('an entry recorded by a clock that is more than five seconds off is followed by an entry that says so', async () => {
  const saidOf = () =>
    query<{ disclosures: string[] }>(
      `select b.disclosures from events e join event_bodies b on b.event_id = e.id where e.type = 'clock.skewed'`,
    )
  await note(1)
  await sequencer.catchUp()
  assert.equal((await saidOf()).length, 0)
  const now = server.clock.now()
  server.clock.set(now - 4_000)
  await note(1)
  server.clock.set(now)
  await sequencer.catchUp()
  assert.equal((await saidOf()).length, 0)
  server.clock.set(now - 9_000)
  const [late] = await note(1)
  server.clock.set(now)
  await sequencer.catchUp()
  const [said] = await saidOf()
  assert.match(said?.disclosures.join() ?? '', /"worstMs",9000/)
  assert.ok(said?.disclosures.join().includes(late as string))
  server.clock.advance(61_000)
  server.clock.set(server.clock.now() + 20_000)
  await note(1)
  server.clock.set(server.clock.now() - 20_000)
  await sequencer.catchUp()
  assert.equal((await saidOf()).length, 2, 'an entry from the future is said as well')
})

test('the newest signed heads lie beside the keys, readable by nobody else', () => {
  const file = join(server.platform.secrets.folder, 'ledger-heads.json')
  const content = JSON.parse(readFileSync(file, 'utf8')) as { logs: Record<string, { size: number }> }
  assert.equal(Object.keys(content.logs).length, 4)
})

test('woken by news, an act is in the log and signed without anybody asking', async () => {
  server.clock.advance(5_000)
  sequencer.start()
  const [id] = await note(1)
  const logId = await logOf(team.acmeProd.id)
  const signed = async (): Promise<boolean> => {
    server.clock.advance(1_000)
    const rows = await query(
      `select 1 from ledger_entries e where e.id = $1
       and exists (select 1 from ledger_checkpoints c where c.log_id = $2 and c.size > e.seq)`,
      [id, logId],
    )
    return rows.length > 0
  }
  for (const until = Date.now() + 10_000; !(await signed());) assert.ok(Date.now() < until, 'in time')
  await sequencer.stop()
  await check(logId)
})
