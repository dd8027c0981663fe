/** A database that is older than what was published: nothing is sequenced until a person has said what was lost. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { base64Of } from '../../../domain/evidence/ledger/index.ts'
import { createEnvironment } from '../../people/environments/create-environment.ts'
import { bodyOf } from '../../platform/event-body.ts'
import { sha256 } from '../../platform/evidence-outbox.ts'
import { seedTeam, type SeededPerson, type SeededTeam } from '../../testing/seed.ts'
import { testServer, type TestServer } from '../../testing/test-server.ts'
import { ledgerSigner } from './keys.ts'
import { openSequencer, type Sequencer } from './sequencer.ts'

let server: TestServer
let team: SeededTeam
let sequencer: Sequencer

before(async () => {
  server = await testServer()
  team = await seedTeam(server)
  sequencer = openSequencer(server.platform, server.connectionString) as Sequencer
})
after(async () => {
  await sequencer.stop()
  await server.stop()
})

const query = async <T extends object>(text: string, values: unknown[] = []): Promise<T[]> =>
  (await server.platform.database.pool.query<T>(text, values)).rows

const send = async (method: 'GET' | 'POST', url: string, person: SeededPerson, payload?: object) => {
  const headers = { authorization: `Bearer ${person.token}` }
  return server.http.inject({ method, url, headers, ...(payload ? { payload } : {}) })
}

type Head = { log: string; size: number; root: string }
type View = {
  sequencer: { state: string }
  pending: number
  contradictions: (Head & { source: string; held: { size: number } })[]
  logs: { id: string; size: number; environment: { slug: string } | null }[]
}
const view = async (): Promise<View> => (await send('GET', '/api/evidence', team.administrator)).json()
const headsOf = ({ contradictions }: View): Head[] =>
  contradictions.map(({ log, size, root }) => ({ log, size, root }))
const recover = (heads: Head[], person: SeededPerson = team.administrator) =>
  send('POST', '/api/evidence/recovery', person, { reason: 'Restored from the backup of last night.', heads })

/** What any act leaves behind. */
const act = async (slug: string): Promise<void> => {
  const reply = await send('POST', '/api/decisions', team.engineers[0], {
    environment: slug,
    what: 'Something',
    why: 'Because',
    options: [],
    risk: 'none known',
    rollback: 'undo',
    validUntil: null,
  })
  assert.ok(reply.statusCode < 300, reply.body)
}

const LEDGER = ['ledger_entries', 'ledger_tiles', 'ledger_checkpoints', 'ledger_heads']

/** Puts the ledger's tables aside, and back: what a restore of the database does to them. */
const saveLedger = async (): Promise<void> => {
  for (const table of LEDGER) {
    await query(`drop table if exists saved_${table}`)
    await query(`create table saved_${table} as select * from ${table}`)
  }
}
const restoreLedger = async (): Promise<void> => {
  await sequencer.stop()
  const client = await server.platform.database.pool.connect()
  try {
    await client.query('begin')
    for (const table of LEDGER.toReversed()) {
      await client.query(`alter table ${table} disable trigger user`)
      await client.query(`delete from ${table}`)
      await client.query(`insert into ${table} select * from saved_${table}`)
      await client.query(`alter table ${table} enable trigger user`)
    }
    await client.query(
      `delete from ledger_pending p where exists (select 1 from ledger_entries e where e.id = p.id)`,
    )
    await client.query('commit')
  } finally {
    client.release()
  }
}

test('restored to before a published head, it refuses to sequence, says what is missing, and goes on after the ceremony', async () => {
  await act('acme-prod')
  await sequencer.catchUp()
  await saveLedger()
  for (let n = 0; n < 3; n++) await act('acme-prod')
  await sequencer.catchUp()
  const lost = (await view()).logs.find((log) => log.environment?.slug === 'acme-prod')
  await restoreLedger()

  await act('globex-prod')
  await sequencer.catchUp()
  const stopped = await view()
  assert.equal(stopped.sequencer.state, 'stopped')
  assert.ok(stopped.pending > 0, 'evidence waits in the outbox')
  const found = stopped.contradictions.find(({ log }) => log === lost?.id)
  assert.equal(found?.size, lost?.size)
  assert.equal(found?.source, 'key-folder')
  assert.ok((found?.held.size ?? 0) < (lost?.size ?? 0))

  const heads = headsOf(stopped)
  assert.ok(heads.length >= 2, 'the organisation log and the environment')
  assert.equal((await recover(heads.slice(1))).statusCode, 409, 'all of them have to be named')
  assert.equal((await recover(heads, team.engineers[0])).statusCode, 403)
  assert.equal((await recover(heads)).statusCode, 200)
  await sequencer.catchUp()
  const working = await view()
  assert.deepEqual(working.contradictions, [])
  assert.equal(working.pending, 0)
  const recovered = await query<{ environment_id: string | null; disclosures: string[] }>(
    `select e.environment_id, b.disclosures from events e join event_bodies b on b.event_id = e.id
     join ledger_entries l on l.id = e.id where e.type = 'log.recovered'`,
  )
  assert.deepEqual(recovered.map((row) => row.environment_id).sort(), [team.acmeProd.id, null].sort())
  const body = bodyOf(recovered.find((row) => row.environment_id)?.disclosures ?? [])
  assert.deepEqual(body['acknowledged'], [{ size: found?.size, root: found?.root }])

  await sequencer.stop()
  await act('acme-prod')
  await sequencer.catchUp()
  assert.equal((await view()).pending, 0, 'and after the next start, too')
  assert.equal((await recover(heads)).statusCode, 409, 'there is nothing left to recover from')
})

test('restored and grown past the size that was published, it is found all the same', async () => {
  await sequencer.catchUp()
  await saveLedger()
  await act('acme-staging')
  await sequencer.catchUp()
  await restoreLedger()
  // Another machine, with keys but without the file, went on from the restored database.
  const { folder } = server.platform.secrets
  const elsewhere = {
    ...server.platform,
    secrets: { ...server.platform.secrets, folder: `${folder}/elsewhere` },
  }
  const other = openSequencer(elsewhere, server.connectionString) as Sequencer
  for (let n = 0; n < 5; n++) await act('acme-staging')
  await other.catchUp()
  await other.stop()
  await sequencer.catchUp()
  const stopped = await view()
  assert.equal(stopped.sequencer.state, 'stopped')
  assert.ok(stopped.contradictions.some(({ size, held }) => size < held.size))
  assert.equal((await recover(headsOf(stopped))).statusCode, 200)
  await sequencer.catchUp()
  assert.equal((await view()).pending, 0)
})

test('a checkpoint that somebody kept is compared: one that contradicts stops sequencing, a foreign one changes nothing', async () => {
  const hand = (note: string, person = team.deliveryManager) =>
    send('POST', '/api/evidence/heads', person, { note })
  const log = (await view()).logs.find(({ environment }) => environment?.slug === 'globex-prod')
  const kept = (await server.http.inject({ url: `/evidence/logs/${log?.id}/checkpoint` })).body
  await act('globex-prod')
  await sequencer.catchUp()
  assert.equal((await hand(kept)).json().verdict, 'held')
  const [origin = '', size = '0'] = kept.split('\n')
  const forged = [origin, size, base64Of(sha256(Buffer.from('another history'))), ''].join('\n')
  const foreign = kept.replace(/^(.*\n.*\n).*\n/, `$1${base64Of(sha256(Buffer.from('another history')))}\n`)
  assert.ok((await hand(foreign)).statusCode >= 400, 'its signature does not fit')
  assert.ok((await hand('no note at all')).statusCode >= 400)
  assert.equal((await hand(kept, team.engineers[0])).statusCode, 403)
  assert.deepEqual((await view()).contradictions, [])

  const signed = ledgerSigner(server.platform)?.sign(origin, forged) ?? ''
  assert.equal((await hand(signed)).json().verdict, 'contradicts')
  await act('globex-prod')
  await sequencer.catchUp()
  const stopped = await view()
  assert.equal(stopped.sequencer.state, 'stopped')
  assert.ok(stopped.pending > 0)
  assert.equal((await recover(headsOf(stopped))).statusCode, 200)
  await sequencer.catchUp()
  assert.equal((await view()).pending, 0)
})

test('a log that the restored database does not know at all is spoken of in the organisation log', async () => {
  const admin = server.as(team.administrator.actor)
  const made = await createEnvironment(admin, { customer: 'acme', slug: 'acme-lost', name: 'Lost' })
  await sequencer.catchUp()
  await sequencer.stop()
  const [log] = await query<{ id: string }>('select id from ledger_logs where environment_id = $1', [made.id])
  await query(`alter table ledger_entries disable trigger user; alter table ledger_checkpoints disable trigger user;
    delete from ledger_entries where log_id = '${log?.id}'; delete from ledger_checkpoints where log_id = '${log?.id}';
    delete from ledger_heads where log_id = '${log?.id}'; delete from ledger_logs where id = '${log?.id}';
    alter table ledger_entries enable trigger user; alter table ledger_checkpoints enable trigger user`)
  await sequencer.catchUp()
  const stopped = await view()
  assert.deepEqual(
    stopped.contradictions.map(({ log: id, held }) => [id, held.size]),
    [[log?.id, 0]],
  )
  assert.equal((await recover(headsOf(stopped))).statusCode, 200)
  await sequencer.catchUp()
  const [event] = await query<{ environment_id: string | null }>(
    `select environment_id from events where type = 'log.recovered' and stream_id = $1`,
    [log?.id],
  )
  assert.equal(event?.environment_id, null)
})

test('without the file that knows the heads being readable nothing is sequenced', async () => {
  await sequencer.stop()
  const file = join(server.platform.secrets.folder, 'ledger-heads.json')
  writeFileSync(file, '{"v":1,"insta')
  await act('acme-prod')
  await assert.rejects(sequencer.catchUp(), /ledger-heads\.json is damaged/)
  writeFileSync(file, JSON.stringify({ v: 1, installation: 'another', logs: {} }))
  await sequencer.catchUp()
  assert.equal((await view()).pending, 0, 'that of another installation is put aside')
})
