/** What is shown of the ledger, and to whom: heads and hashes to anybody, entries to those who may, words of erased fields to nobody. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { parsePolicy } from '../../../domain/evidence/audit-packs/index.ts'
import {
  bytesOfBase64,
  decodeEntries,
  decodeTile,
  equalBytes,
  leafHash,
  parseSignedCheckpoint,
  tileRoot,
  verifyCheckpoint,
  verifyInclusion,
} from '../../../domain/evidence/ledger/index.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import { sha256 } from '../../platform/evidence-outbox.ts'
import { seedTeam, type SeededPerson, type SeededTeam } from '../../testing/seed.ts'
import { testServer, type TestServer } from '../../testing/test-server.ts'
import { ed25519Verify } from './keys.ts'
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

const get = (url: string, person?: SeededPerson) =>
  server.http.inject({ url, headers: person ? { authorization: `Bearer ${person.token}` } : {} })
const post = (url: string, payload: object, person: SeededPerson) =>
  server.http.inject({
    method: 'POST',
    url,
    payload,
    headers: { authorization: `Bearer ${person.token}` },
  })

const proposeDecision = async (what: string): Promise<string> => {
  const reply = await post(
    '/api/decisions',
    {
      environment: 'acme-prod',
      what,
      why: 'Disk pressure',
      options: [],
      risk: 'none known',
      rollback: 'undo',
      validUntil: null,
    },
    team.engineers[0],
  )
  assert.ok(reply.statusCode < 300, reply.body)
  const { rows } = await server.platform.database.pool.query<{ id: string }>(
    `select id from events where type = 'decision.proposed' order by recorded_at desc, id desc limit 1`,
  )
  return rows[0]?.id ?? ''
}
const logOf = async (slug: string) => {
  const view = (await get('/api/evidence', team.auditor)).json()
  return view.logs.find((log: { environment: { slug: string } | null }) => log.environment?.slug === slug)
}

test('the view tells what waits, who sequences and how far each log has come', async () => {
  const before = (await get('/api/evidence', team.auditor)).json()
  assert.equal(before.sequencer.state, 'absent')
  assert.ok(before.pending > 30)
  server.clock.advance(3_000)
  assert.ok((await get('/api/evidence', team.auditor)).json().delayMs >= 3_000)
  await sequencer.catchUp()
  const view = (await get('/api/evidence', team.auditor)).json()
  assert.equal(view.sequencer.state, 'at-work')
  assert.equal(view.pending, 0)
  assert.equal(view.delayMs, 0)
  assert.deepEqual(view.can, { export: true, recover: false, erase: false })
  assert.deepEqual(
    view.logs.map((log: { environment: { slug: string } | null }) => log.environment?.slug ?? null),
    [null, 'acme-prod', 'acme-staging', 'globex-prod'],
  )
  for (const log of view.logs) assert.equal(log.checkpoint.size, log.size)
  server.clock.advance(60_000)
  assert.equal((await get('/api/evidence', team.auditor)).json().sequencer.state, 'absent')
})

test('entries are listed newest first, in parts, with who did what', async () => {
  await proposeDecision('Drain node worker-7')
  await sequencer.catchUp()
  const { id, size } = await logOf('acme-prod')
  const seen: number[] = []
  let next: string | null = ''
  for (; next !== null;) {
    const url: string = `/api/evidence/logs/${id}/entries?limit=3${next ? `&after=${next}` : ''}`
    const page: { rows: { number: number }[]; next: string | null } = (await get(url, team.auditor)).json()
    seen.push(...page.rows.map((row) => row.number))
    next = page.next
  }
  assert.deepEqual(
    seen,
    Array.from({ length: size }, (_, n) => size - 1 - n),
  )
  const [row] = (await get(`/api/evidence/logs/${id}/entries?type=decision`, team.auditor)).json().rows
  assert.equal(row.type, 'decision.proposed')
  assert.equal(row.actor.person.name, team.engineers[0].name)
  assert.match(row.headline, /D-1 Drain node worker-7/)
  assert.equal((await get(`/api/evidence/logs/${id}/entries`, team.engineers[0])).statusCode, 403)
  assert.equal((await get(`/api/evidence/logs/${id}/entries`)).statusCode, 401)
})

test('an entry comes with the proof that it stands under the signed head', async () => {
  const eventId = await proposeDecision('Scale ingress to 5')
  await sequencer.catchUp()
  const entry = (await get(`/api/evidence/entries/${eventId}`, team.auditor)).json()
  const leaf = Buffer.from(entry.leaf)
  assert.equal(Buffer.from(leafHash(leaf, sha256)).toString('base64'), entry.leafHash)
  const bytes = (text: string): Uint8Array => bytesOfBase64(text) ?? new Uint8Array(0)
  const claim = {
    index: entry.number,
    size: entry.proof.size,
    leafHash: leafHash(leaf, sha256),
    proof: entry.proof.hashes.map(bytes),
    root: bytes(entry.proof.root),
  }
  assert.ok(verifyInclusion(claim, sha256))
  assert.ok(!verifyInclusion({ ...claim, index: entry.number - 1 }, sha256))
  const digests = entry.values.map((value: { digest: string }) => value.digest).sort()
  assert.deepEqual(digests, JSON.parse(entry.leaf).sd)
})

test('anybody can fetch the checkpoint, the keys and the hashes, and recompute the root', async () => {
  await sequencer.catchUp()
  const { id } = await logOf('acme-prod')
  const note = (await get(`/evidence/logs/${id}/checkpoint`)).body
  const head = parseSignedCheckpoint(note)
  assert.ok(!isRefusal(head))
  const policy = parsePolicy((await get('/evidence/keys.txt', team.auditor)).body, sha256)
  assert.ok(!isRefusal(policy))
  assert.equal(policy.logs.length, 4)
  assert.equal(policy.packs.length, 1)
  const checked = verifyCheckpoint(note, head.origin, policy.logs, ed25519Verify)
  assert.ok(!isRefusal(checked) && checked.signatures.length === 1)
  const own = parsePolicy((await get(`/evidence/keys.txt?log=${id}`)).body, sha256)
  assert.ok(!isRefusal(own) && own.logs.length === 1)
  const tile = await get(`/evidence/logs/${id}/tile/0/000.p/${head.size}`)
  assert.equal(tile.statusCode, 200)
  const hashes = decodeTile(tile.rawPayload, head.size) ?? []
  assert.ok(equalBytes(tileRoot(hashes, sha256), head.root))
})

test('which logs there are is told to who may know of their environments: a list of all would let others count', async () => {
  const shownTo = async (headers: Record<string, string>): Promise<string[]> => {
    const reply = await server.http.inject({ url: '/evidence/keys.txt', headers })
    assert.equal(reply.headers['cache-control'], 'private, no-cache')
    assert.match(reply.body, /^pack \S+$/m)
    return reply.body.split('\n').flatMap((line) => /^log \S+\/l\/([0-9a-f-]+)\+/.exec(line)?.[1] ?? [])
  }
  const own = [(await logOf('acme-prod')).id, (await logOf('acme-staging')).id]
  assert.deepEqual(await shownTo({}), [])
  assert.deepEqual(await shownTo({ cookie: team.acmeContact.cookie }), own)
  assert.equal((await shownTo({ cookie: team.auditor.cookie })).length, 4)
})

test('entry bundles are for those who may read evidence; nothing beyond the signed head is handed out', async () => {
  const { id, size } = await logOf('acme-prod')
  const url = `/evidence/logs/${id}/tile/entries/000.p/${size}`
  assert.equal((await get(url)).statusCode, 401)
  assert.equal((await get(url, team.engineers[0])).statusCode, 403)
  const entries = decodeEntries((await get(url, team.auditor)).rawPayload)
  assert.equal(entries?.length, size)
  await proposeDecision('Not signed yet')
  for (const path of [
    `0/000.p/${size + 1}`,
    '0/000',
    '1/000',
    '0/001.p/1',
    'entries/001',
    '9/000',
    '0/0',
    '..%2f..%2f',
  ]) {
    const reply = await get(`/evidence/logs/${id}/tile/${path}`, team.auditor)
    assert.equal(reply.statusCode, 404, path)
  }
  assert.equal((await get(`/evidence/logs/${SOME_ID}/checkpoint`)).statusCode, 404)
  assert.equal((await get(`/evidence/keys.txt?log=${SOME_ID}`)).statusCode, 404)
})
const SOME_ID = '01890000-0000-7000-8000-00000000beef'

/** Every row of every table as text, as a logical dump holds it. */
const dump = async (): Promise<string> => {
  const { pool } = server.platform.database
  const { rows: tables } = await pool.query<{ name: string }>(
    `select format('%I', relname) as name from pg_class
     where relkind in ('r', 'p') and relnamespace = current_schema()::regnamespace`,
  )
  const parts: string[] = []
  for (const { name } of tables) {
    const { rows } = await pool.query<{ text: string }>(
      `select string_agg(t::text, E'\n') as text from ${name} t`,
    )
    parts.push(`${name}: ${rows[0]?.text ?? ''}`)
  }
  return parts.join('\n')
}

test('what is erased is in no table any more, the entry still verifies, and an entry says who erased it and why', async () => {
  const words = `Call Kim Example at home, number ${'5551234'}`
  const eventId = await proposeDecision(words)
  await sequencer.catchUp()
  assert.ok((await dump()).includes(words))
  const ask = { eventId, fields: ['what'], reason: 'A private number was written down by mistake.' }
  assert.equal((await post('/api/evidence/erasures', ask, team.engineers[0])).statusCode, 403)
  const reply = await post('/api/evidence/erasures', ask, team.administrator)
  assert.equal(reply.statusCode, 200, reply.body)
  await sequencer.catchUp()
  const tables = (await dump()).split('\n').filter((line) => line.includes(words))
  assert.deepEqual(tables, [])
  const entry = (await get(`/api/evidence/entries/${eventId}`, team.auditor)).json()
  assert.deepEqual(entry.erasedFields, ['what'])
  assert.equal(entry.erased[0].reason, ask.reason)
  assert.ok(JSON.parse(entry.leaf).sd.includes(entry.erased[0].digest))
  assert.ok(!JSON.stringify(entry).includes('5551234'))
  const by = (await get(`/api/evidence/entries/${reply.json().erasedBy}`, team.auditor)).json()
  assert.equal(by.type, 'erasure.executed')
  assert.deepEqual(
    by.values.find((value: { name: string }) => value.name === 'digests').value,
    reply.json().digests,
  )
  const again = await post('/api/evidence/erasures', ask, team.administrator)
  assert.equal(again.statusCode, 409)
  const proving = { ...ask, eventId: reply.json().erasedBy, fields: ['digests'] }
  assert.equal((await post('/api/evidence/erasures', proving, team.administrator)).statusCode, 409)
  const nothing = { ...ask, eventId: SOME_ID }
  assert.equal((await post('/api/evidence/erasures', nothing, team.administrator)).statusCode, 404)
})

/** The newest entry of a type: its id and the names of its fields. */
const newest = async (type: string): Promise<string> => {
  const { rows } = await server.platform.database.pool.query<{ id: string }>(
    'select id from events where type = $1 order by recorded_at desc, id desc limit 1',
    [type],
  )
  return rows[0]?.id ?? ''
}
const erase = async (type: string, field: string): Promise<number> =>
  (
    await post(
      '/api/evidence/erasures',
      { eventId: await newest(type), fields: [field], reason: 'Somebody would rather not have said it.' },
      team.administrator,
    )
  ).statusCode

test('what somebody judged, when and by what right is no words and cannot be erased: it would read as its opposite', async () => {
  const [operator, reviewer] = team.engineers
  const glass = await post('/api/decisions/break-glass', { environment: 'acme-prod', why: 'Fire' }, operator)
  const { id } = glass.json()
  const terms = { what: 'w', why: 'y', options: [], risk: 'r', rollback: 'b', validUntil: null }
  const said = { ...terms, result: 'done', cooperation: { kind: 'internal' } }
  const written = await post(`/api/decisions/${id}/write-up`, said, operator)
  assert.ok(written.statusCode < 300, written.body)
  const review = { verdict: 'objected', note: 'This could have waited.' }
  assert.ok((await post(`/api/decisions/${id}/review`, review, reviewer)).statusCode < 300)
  for (const [type, field] of [
    ['decision.reviewed', 'verdict'],
    ['decision.written-up', 'cooperation'],
    ['decision.glass-broken', 'brokenAt'],
    ['account.created', 'roles'],
  ] as const)
    assert.equal(await erase(type, field), 409, `${type} ${field}`)
  assert.equal(await erase('decision.reviewed', 'note'), 200)
  const detail = (await get(`/api/decisions/${id}`, operator)).json()
  assert.equal(detail.glass.review.verdict, 'objected')
})

test('an incident whose pinned fact and ticket were erased can still be read and worked', async () => {
  const [engineer] = team.engineers
  const opened = await post('/api/incidents', { environment: 'acme-prod', title: 'Slow' }, engineer)
  const { id } = opened.json()
  const say = (command: object) => post(`/api/incidents/${id}/commands`, command, engineer)
  assert.ok((await say({ kind: 'pin', about: 'note', text: 'Kim said so' })).statusCode < 300)
  assert.ok((await say({ kind: 'link-ticket', ticket: 'OPS-1' })).statusCode < 300)
  assert.ok((await say({ kind: 'propose-hypothesis', statement: 'The disk.' })).statusCode < 300)
  assert.equal(await erase('incident.opened', 'alertIds'), 409)
  assert.equal(await erase('incident.hypothesis-proposed', 'hypothesisId'), 409)
  assert.equal(await erase('incident.fact-pinned', 'pin'), 200)
  assert.equal(await erase('incident.ticket-linked', 'ticket'), 200)
  const read = await get(`/api/incidents/${id}`, engineer)
  assert.equal(read.statusCode, 200, read.body)
  assert.equal(read.json().pins[0].text, '(erased)')
  assert.ok(!read.body.includes('Kim') && !read.body.includes('OPS-1'))
  assert.ok((await say({ kind: 'propose-hypothesis', statement: 'The network.' })).statusCode < 300)
})
