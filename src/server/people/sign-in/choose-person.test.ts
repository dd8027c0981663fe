/** The demo's door opens only where the demo put it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openApp } from '../../app.ts'
import { seedTeam } from '../../testing/seed.ts'
import { testServer } from '../../testing/test-server.ts'
import { bindChoosePerson } from './choose-person.ts'

test('an ordinary server has no such door; in the demo one becomes whom one chooses', async () => {
  const server = await testServer()
  try {
    await seedTeam(server)
    const payload = { handle: 'ada' }
    assert.equal((await server.http.inject({ method: 'POST', url: '/demo', payload })).statusCode, 404)
    const demo = await openApp(server.platform)
    bindChoosePerson(demo.http)
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
