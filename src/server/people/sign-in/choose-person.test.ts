/** The demo's door opens only where the demo put it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { openApp } from '../../app.ts'
import { seedTeam } from '../../testing/seed.ts'
import { testServer, type TestServer } from '../../testing/test-server.ts'
import { hashSecret } from '../accounts/one-time-token.ts'
import { createKey } from '../environments/change-keys.ts'
import { createMyToken } from '../tokens/change-tokens.ts'
import { bindChoosePerson } from './choose-person.ts'

const DEMO_TOKEN = 'fnp_demo_admin'
const DEMO_KEY = 'fni_demo_acme_prod'

test('an ordinary server has no such door; in the demo one becomes whom one chooses', async () => {
  const server = await testServer()
  try {
    await seedTeam(server)
    const payload = { handle: 'ada' }
    assert.equal((await server.http.inject({ method: 'POST', url: '/demo', payload })).statusCode, 404)
    const demo = await openApp(server.platform)
    bindChoosePerson(demo.http, server.platform)
    const page = await demo.http.inject({ url: '/demo', headers: { accept: 'text/html' } })
    assert.match(page.body, /Gus Example<\/strong> <span class="dim">contact of Acme Example/)
    assert.ok(page.body.length < 20_000)
    const chosen = await demo.http.inject({ method: 'POST', url: '/demo', payload })
    assert.equal(chosen.statusCode, 303)
    const cookie = String(chosen.headers['set-cookie']).split(';')[0] ?? ''
    const me = await demo.http.inject({ url: '/api/me', headers: { cookie } })
    assert.equal(me.json().account.handle, 'ada')
    const nobody = await demo.http.inject({ method: 'POST', url: '/demo', payload: { handle: 'nobody' } })
    assert.equal(nobody.statusCode, 404)
    await demo.http.close()
    demo.feed.stop()
  } finally {
    await server.stop()
  }
})

test('what the README of the demo prints opens nothing in a server that is no demo, though it came with the data', async () => {
  const [played, real] = [await testServer(), await testServer()]
  try {
    const printed = async (server: TestServer): Promise<number[]> => {
      const me = await server.http.inject({
        url: '/api/me',
        headers: { authorization: `Bearer ${DEMO_TOKEN}` },
      })
      const alert = await server.http.inject({
        method: 'POST',
        url: '/integrations/alertmanager',
        headers: { authorization: `Bearer ${DEMO_KEY}` },
        payload: { version: '4', alerts: [] },
      })
      return [me.statusCode, alert.statusCode]
    }
    const team = await seedTeam(played)
    const admin = played.as(team.administrator.actor)
    await createMyToken(admin, { name: 'demo', scopes: ['*'] }, { fixed: DEMO_TOKEN })
    await createKey(admin, { environment: 'acme-prod', name: 'demo' }, { fixed: DEMO_KEY })
    assert.deepEqual(await printed(played), [200, 200])
    // The same secrets in a database that another process serves.
    const other = await seedTeam(real)
    const { db } = real.platform.database
    await db.transaction().execute(async (tx) => {
      await sql`select set_config('fortnight.class_guard', 'off', true)`.execute(tx)
      await sql`update api_tokens set token_hash = ${hashSecret(DEMO_TOKEN)}
      where account_id = ${other.administrator.id}`.execute(tx)
      await sql`update integration_keys set key_hash = ${hashSecret(DEMO_KEY)} where id = ${other.acmeProd.keyId}`.execute(
        tx,
      )
    })
    assert.deepEqual(await printed(real), [401, 401])
  } finally {
    await played.stop()
    await real.stop()
  }
})
