/** An act's words, its disclosures and its ledger leaf belong together, byte for byte, as they lie in the database. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { z } from 'zod'
import {
  decodeLeaf,
  digestOfDisclosure,
  encodeLeaf,
  leafHash,
  parseDisclosure,
  type Leaf,
} from '../../domain/evidence/ledger/index.ts'
import { isRefusal } from '../../domain/refusal.ts'
import { person, platformAlone, type PlatformAlone } from './platform-alone.fixture.ts'
import type { Actor } from './actor.ts'
import { bodyOf } from './event-body.ts'
import { defineEvent, type NewEvent } from './events.ts'
import { pseudonymOf, sha256 } from './evidence-outbox.ts'
import { record } from './record.ts'
import { twoCustomers, type TwoCustomers } from './two-customers.fixture.ts'

const remarkMade = defineEvent('remark.made', {
  area: 'remarks',
  body: z.record(z.string(), z.unknown()),
})

let server: PlatformAlone
let customers: TwoCustomers
const engineer = person('01890000-0000-7000-8000-000000000001', 'engineer')
const runs = Number(process.env['FORTNIGHT_RUNS'] ?? 40)

before(async () => {
  server = await platformAlone()
  customers = await twoCustomers(server.platform)
})
after(() => server.stop())

type Stored = { disclosures: string[]; leaf: Buffer; leaf_hash: Buffer; log_id: string }
const make = async (
  actor: Actor,
  body: Record<string, unknown>,
  more: Partial<NewEvent<Record<string, unknown>>> = {},
) => {
  const id = await record(server.as(actor), async (tx) =>
    tx.append(remarkMade, { stream: tx.id(), body, ...more }),
  )
  const { rows } = await sql<Stored>`select b.disclosures, p.leaf, p.leaf_hash, p.log_id from ledger_pending p
    join event_bodies b on b.event_id = p.id where p.id = ${id}`.execute(server.platform.database.db)
  const stored = rows[0]
  assert.ok(stored)
  const leaf = decodeLeaf(stored.leaf)
  assert.ok(!isRefusal(leaf))
  return { id, stored, leaf: leaf as Leaf }
}
const inAcme = () => ({ customerId: customers.acme.customerId, environmentId: customers.acme.environmentId })

test('the stored leaf is exactly what the ledger encodes, and its hash is the hash of those bytes', async () => {
  const { id, stored, leaf } = await make(engineer, { text: 'hello' }, inAcme())
  assert.deepEqual(Buffer.from(encodeLeaf(leaf)), stored.leaf)
  assert.deepEqual(Buffer.from(leafHash(stored.leaf, sha256)), stored.leaf_hash)
  assert.equal(leaf.id, id)
  assert.equal(leaf.log, customers.acme.logId)
  assert.equal(stored.log_id, customers.acme.logId)
  assert.equal(leaf.type, 'remark.made')
  assert.equal(leaf.at, new Date(server.clock.now()).toISOString())
  assert.equal(leaf.via, 'web')
})

const word = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !text.includes('\u0000'))
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    word,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(word, tie('any'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).any

test('whatever the words are, they come back as they were and every digest of the leaf has its disclosure', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(
        word.filter((name) => name !== ''),
        value,
        { maxKeys: 6, noNullPrototype: true },
      ),
      async (body) => {
        const { stored, leaf } = await make(engineer, body)
        assert.deepEqual(stored.disclosures.map((text) => digestOfDisclosure(text, sha256)).sort(), [
          ...leaf.sd,
        ])
        for (const text of stored.disclosures) assert.ok(!isRefusal(parseDisclosure(text)))
        assert.deepEqual(
          JSON.parse(JSON.stringify(bodyOf(stored.disclosures))),
          JSON.parse(JSON.stringify(body)),
        )
      },
    ),
    { numRuns: runs },
  )
})

test('equal words in two acts have unrelated digests, because every field has a salt of its own', async () => {
  const [one, two] = [
    await make(engineer, { a: 'same', b: 'same' }),
    await make(engineer, { a: 'same', b: 'same' }),
  ]
  assert.equal(new Set([...one.leaf.sd, ...two.leaf.sd]).size, 4)
})

test('the same person has unrelated pseudonyms in two logs, and one within a log', async () => {
  const acme = await make(engineer, {}, inAcme())
  const again = await make(engineer, {}, inAcme())
  const { borealis } = customers
  const other = await make(
    engineer,
    {},
    { customerId: borealis.customerId, environmentId: borealis.environmentId },
  )
  const own = await make(engineer, {})
  assert.equal(acme.leaf.actor, again.leaf.actor)
  assert.equal(new Set([acme.leaf.actor, other.leaf.actor, own.leaf.actor]).size, 3)
  assert.equal(own.leaf.log, customers.logId)
  assert.equal(pseudonymOf(Buffer.alloc(32), 'x'), pseudonymOf(Buffer.alloc(32), 'x'))
})

test('absent fields are not disclosed at all', async () => {
  const { stored, leaf } = await make(engineer, { given: 1, absent: undefined })
  assert.equal(stored.disclosures.length, 1)
  assert.equal(leaf.sd.length, 1)
})

test('an act in an environment without a log is refused, and so are words that JSON cannot carry', async () => {
  await assert.rejects(
    make(engineer, {}, { ...inAcme(), environmentId: '01890000-0000-7000-8000-00000000dead' }),
    /no ledger log/,
  )
  await assert.rejects(make(engineer, { text: 'lone \ud800 half' }))
  await assert.rejects(make(engineer, { number: Number.NaN }))
})

test('references and files of an act are in its leaf', async () => {
  const blob = { kind: 'attachment', h: 'a'.repeat(64), n: 12 }
  const { leaf } = await make(engineer, {}, { refs: [['incident', customers.logId]], blobs: [blob] })
  assert.deepEqual(leaf.refs, [['incident', customers.logId]])
  assert.deepEqual(leaf.blobs, [blob])
})
