/** A write that is sent twice happens once, whatever breaks between its commit and its reply. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { sql } from 'kysely'
import { z } from 'zod'
import { defineRoutes } from '../../../contract/route.ts'
import { person, platformAlone, type PlatformAlone } from '../platform-alone.fixture.ts'
import type { Ctx } from '../context.ts'
import type { Actor } from '../actor.ts'
import { defineEvent } from '../events.ts'
import { Fault } from '../faults.ts'
import { record } from '../record.ts'
import { twoCustomers, type TwoCustomers } from '../two-customers.fixture.ts'
import { asAnybody, being } from './as-anybody.fixture.ts'
import { bind } from './bind.ts'
import { forgetKeys, KEPT_MS, LEASE_MS } from './idempotency-store.ts'
import { openHttp } from './server.ts'

const wishMade = defineEvent('idempotent-wish.made', { area: 'wishes', body: z.object({ text: z.string() }) })
const wish = {
  method: 'POST',
  permission: 'self.change',
  summary: '',
  body: z.object({ text: z.string() }),
} as const
const reply = z.object({ id: z.string(), secret: z.string() })
const routes = defineRoutes({
  makeWish: { ...wish, path: '/api/wishes', reply, status: 201 },
  makeWishAndTranslate: {
    ...wish,
    path: '/api/translated-wishes',
    reply: z.object({ translated: z.string() }),
  },
  makeLargeWish: { ...wish, path: '/api/large-wishes', reply: z.object({ text: z.string() }) },
})

let server: PlatformAlone
let customers: TwoCustomers
let http: FastifyInstance
/** What happens beside the work: hooks that a test sets. */
let inside: (ctx: Ctx) => Promise<void>
let afterwards: (ctx: Ctx) => Promise<void>
let wishes: number
const secret = `fnp_${'s'.repeat(32)}`
const ada = person('01890000-0000-7000-8000-00000000000a', 'engineer')
const bob = person('01890000-0000-7000-8000-00000000000b', 'engineer')

const makeWish = async (ctx: Ctx, text: string) => {
  const { acme } = customers
  const made = await record(ctx, async (tx) => {
    const id = tx.append(wishMade, {
      stream: tx.id(),
      customerId: acme.customerId,
      environmentId: acme.environmentId,
      body: { text },
    })
    await inside(ctx)
    return { id, secret }
  })
  wishes += 1
  await afterwards(ctx)
  return made
}

before(async () => {
  server = await platformAlone()
  customers = await twoCustomers(server.platform)
  http = openHttp(server.platform, asAnybody)
  bind(http, routes, {
    makeWish: (ctx, { text }) => makeWish(ctx, text),
    makeWishAndTranslate: async (ctx, { text }) => ({
      translated: `${(await makeWish(ctx, text)).id} ${text}`,
    }),
    makeLargeWish: async (ctx, { text }) => {
      await makeWish(ctx, text)
      return { text: 'x'.repeat(300_000) }
    },
  })
})
after(async () => {
  await http.close()
  await server.stop()
})
beforeEach(() => {
  wishes = 0
  inside = async () => undefined
  afterwards = async () => undefined
})

let number = 0
const freshKey = (): string => `key ${(number += 1)}`
const send = (
  key: string,
  { as = ada as Actor | undefined, text = 'hello', path = '/api/wishes' } = {},
): Promise<LightMyRequestResponse> =>
  http.inject({
    method: 'POST',
    url: path,
    payload: { text },
    headers: { 'idempotency-key': key, ...(as ? being(as) : {}) },
  })
const code = (response: LightMyRequestResponse): string => response.json<{ code: string }>().code
const rowOf = async (key: string) =>
  (
    await sql<{ status: number | null; reply: string | null; committed_at: number | null; claim: number }>`
    select status, reply, committed_at, claim from idempotency_keys where key = ${key}`.execute(
      server.platform.database.db,
    )
  ).rows[0]

test('the same request twice is done once, and both get the same reply', async () => {
  const key = freshKey()
  const [first, second] = [await send(key), await send(key)]
  assert.equal(first.statusCode, 201)
  assert.equal(second.statusCode, 201)
  assert.deepEqual(second.json(), first.json())
  assert.equal(first.headers['idempotent-replay'], undefined)
  assert.equal(second.headers['idempotent-replay'], 'true')
  assert.equal(wishes, 1)
})

test('without a key a request runs each time', async () => {
  const post = () =>
    http.inject({ method: 'POST', url: '/api/wishes', payload: { text: 'x' }, headers: being(ada) })
  await post()
  await post()
  assert.equal(wishes, 2)
})

test('a different body or address under the same key is refused', async () => {
  const key = freshKey()
  await send(key)
  for (const other of [await send(key, { text: 'other' }), await send(key, { path: '/api/large-wishes' })]) {
    assert.equal(other.statusCode, 422)
    assert.equal(code(other), 'key-reused')
  }
  assert.equal(wishes, 1)
})

test('keys belong to their actor: the same key of another person or contact is another key', async () => {
  const key = freshKey()
  const replies = [
    await send(key),
    await send(key, { as: bob }),
    await send(key, { as: customers.acme.contact }),
  ]
  assert.equal(new Set(replies.map((one) => one.json<{ id: string }>().id)).size, 3)
  assert.equal(wishes, 3)
})

test('while the first is under way the second is told so, and gets the reply afterwards', async () => {
  const key = freshKey()
  const begun = Promise.withResolvers<void>()
  const gate = Promise.withResolvers<void>()
  inside = async () => {
    begun.resolve()
    await gate.promise
  }
  const first = send(key)
  await begun.promise
  const second = await send(key)
  assert.equal(second.statusCode, 409)
  assert.equal(code(second), 'still-running')
  gate.resolve()
  const done = await first
  assert.equal(done.statusCode, 201)
  assert.deepEqual((await send(key)).json(), done.json())
  assert.equal(wishes, 1)
})

test('a refusal or a breakdown before the commit frees the key at once', async () => {
  for (const fault of [new Fault('conflict', 'no'), new Error('broken')]) {
    const key = freshKey()
    inside = async () => {
      throw fault
    }
    const refused = await send(key)
    assert.ok(refused.statusCode >= 400)
    assert.equal(await rowOf(key), undefined)
    inside = async () => undefined
    assert.equal((await send(key)).statusCode, 201)
  }
})

test('input that cannot be used does not take the key', async () => {
  const key = freshKey()
  const bad = await http.inject({
    method: 'POST',
    url: '/api/wishes',
    payload: { text: 3 },
    headers: { 'idempotency-key': key, ...being(ada) },
  })
  assert.equal(bad.statusCode, 422)
  assert.equal((await send(key)).statusCode, 201)
})

/** As if the process had been killed: the row is what the database held at that moment. */
const asAfterKill = (key: string, committed: boolean) =>
  committed
    ? sql`update idempotency_keys set status = null where key = ${key}`.execute(server.platform.database.db)
    : sql`update idempotency_keys set status = null, reply = null, committed_at = null where key = ${key}`.execute(
        server.platform.database.db,
      )

test('killed before the commit: within a minute still running, then the work is done', async () => {
  const key = freshKey()
  await send(key)
  await asAfterKill(key, false)
  assert.equal(code(await send(key)), 'still-running')
  server.clock.advance(LEASE_MS)
  wishes = 0
  assert.equal((await send(key)).statusCode, 201)
  assert.equal(wishes, 1)
  assert.equal((await rowOf(key))?.claim, 2)
})

test('killed between commit and reply: the work is not done again, and the reply is what the transaction returned', async () => {
  const key = freshKey()
  const first = await send(key)
  await asAfterKill(key, true)
  assert.equal(code(await send(key)), 'still-running')
  server.clock.advance(LEASE_MS)
  const second = await send(key)
  assert.equal(second.statusCode, 201)
  assert.deepEqual(second.json(), first.json())
  assert.equal(wishes, 1)
})

test('killed between commit and a reply that is not what the transaction returned: it says honestly that it was done', async () => {
  const key = freshKey()
  const path = '/api/translated-wishes'
  afterwards = async () => {
    // The process is gone before the handler makes its reply.
    await new Promise(() => undefined)
  }
  void send(key, { path })
  const { until } = await import('../until.fixture.ts')
  await until('the work is committed', async () => ((await rowOf(key))?.committed_at ?? 0) !== 0)
  server.clock.advance(LEASE_MS)
  const second = await send(key, { path })
  assert.equal(second.statusCode, 409)
  assert.equal(code(second), 'reply-lost')
  assert.equal(wishes, 1)
})

test('a request that dawdled until its key was taken over cannot commit any more', async () => {
  const key = freshKey()
  const begun = Promise.withResolvers<void>()
  const gate = Promise.withResolvers<void>()
  inside = async () => {
    begun.resolve()
    await gate.promise
  }
  const slow = send(key)
  await begun.promise
  server.clock.advance(LEASE_MS)
  inside = async () => undefined
  const quick = await send(key)
  assert.equal(quick.statusCode, 201)
  gate.resolve()
  assert.equal(code(await slow), 'still-running')
  assert.equal(wishes, 1)
  assert.deepEqual((await send(key)).json(), quick.json())
})

test('a breakdown after the commit keeps the key: the work was done and is not done again', async () => {
  const key = freshKey()
  afterwards = async () => {
    throw new Error('broken after the commit')
  }
  assert.equal((await send(key)).statusCode, 500)
  afterwards = async () => undefined
  server.clock.advance(LEASE_MS)
  assert.equal((await send(key)).statusCode, 201)
  assert.equal(wishes, 1)
})

test('a reply too large to keep is not kept: the repeat is told that it was done', async () => {
  const key = freshKey()
  const path = '/api/large-wishes'
  assert.equal((await send(key, { path })).statusCode, 200)
  assert.equal(code(await send(key, { path })), 'reply-lost')
  assert.equal(wishes, 1)
})

test('a kept reply lies sealed in the database: a secret shown once is not found there', async () => {
  const key = freshKey()
  const first = await send(key)
  assert.equal(first.json<{ secret: string }>().secret, secret)
  const row = await rowOf(key)
  assert.ok(row?.reply)
  assert.ok(!row.reply.includes(secret) && !Buffer.from(row.reply, 'base64').includes(secret))
})

test('nobody in particular has no key: what a visitor was answered is never given to another', async () => {
  const open = openHttp(server.platform, asAnybody)
  let runs = 0
  bind(
    open,
    defineRoutes({
      visit: {
        method: 'POST',
        path: '/api/visit',
        permission: 'public',
        summary: '',
        reply: z.object({ run: z.number() }),
      },
    }),
    {
      visit: async () => ({ run: (runs += 1) }),
    },
  )
  const visit = () =>
    open.inject({ method: 'POST', url: '/api/visit', headers: { 'idempotency-key': 'shared' } })
  assert.equal((await visit()).json<{ run: number }>().run, 1)
  assert.equal((await visit()).json<{ run: number }>().run, 2)
  await open.close()
})

test('a reply is kept for 24 hours and then forgotten; the key may then be used for something else', async () => {
  const key = freshKey()
  await send(key)
  server.clock.advance(KEPT_MS)
  assert.equal((await send(key)).headers['idempotent-replay'], 'true')
  server.clock.advance(1)
  assert.equal((await send(key, { text: 'another' })).statusCode, 201)
  const [stale, fresh] = [freshKey(), freshKey()]
  await send(stale)
  server.clock.advance(KEPT_MS + 1)
  await send(fresh)
  assert.ok((await forgetKeys(server.platform.database.db, server.clock.now())) >= 1)
  assert.equal(await rowOf(stale), undefined)
  assert.notEqual(await rowOf(fresh), undefined)
})

test('a key that is too long is refused', async () => {
  assert.equal((await send('k'.repeat(201))).statusCode, 400)
})
