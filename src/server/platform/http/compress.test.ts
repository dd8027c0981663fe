/** What is read is compressed for who asks for it; what is written, streamed or compressed already is left alone. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import Fastify, { type FastifyInstance } from 'fastify'
import { compressReplies } from './compress.ts'

const long = { rows: Array.from({ length: 100 }, (_, number) => ({ id: number, title: 'PodNotReady' })) }
let app: FastifyInstance

before(async () => {
  app = Fastify()
  compressReplies(app)
  app.get('/list', () => long)
  app.get('/short', () => ({ rows: [] }))
  app.post('/secret', () => long)
  app.get('/live', (_request, reply) => reply.type('text/event-stream').send(JSON.stringify(long)))
  app.get('/pack', (_request, reply) => reply.type('application/zip').send(Buffer.alloc(5_000)))
  await app.ready()
})
after(() => app.close())

const ask = (method: 'GET' | 'POST', url: string, headers = {}) =>
  app.inject({ method, url, headers: { 'accept-encoding': 'gzip, br', ...headers } })

test('a list is compressed, for whoever takes it so, and says that it depends on that', async () => {
  const reply = await ask('GET', '/list')
  assert.equal(reply.headers['content-encoding'], 'gzip')
  assert.match(String(reply.headers['vary']), /accept-encoding/i)
  assert.deepEqual(JSON.parse(gunzipSync(reply.rawPayload).toString()), long)
  for (const refused of ['identity', 'br', 'gzip;q=0', 'gzip; q=0.000', 'notgzip', '']) {
    const plain = await ask('GET', '/list', { 'accept-encoding': refused })
    assert.equal(plain.headers['content-encoding'], undefined, refused)
    assert.match(String(plain.headers['vary']), /accept-encoding/i)
    assert.deepEqual(plain.json(), long)
  }
  for (const taken of ['gzip;q=0.5', 'br;q=1, gzip', 'GZIP', 'gzip;q=1.0'])
    assert.equal(
      (await ask('GET', '/list', { 'accept-encoding': taken })).headers['content-encoding'],
      'gzip',
    )
})

test('what fits into a packet, streams, archives and the reply to a write stay as they are', async () => {
  for (const [method, path] of [
    ['GET', '/short'],
    ['GET', '/live'],
    ['GET', '/pack'],
    ['POST', '/secret'],
  ] as const) {
    const reply = await ask(method, path)
    assert.equal(reply.statusCode, 200, path)
    assert.equal(reply.headers['content-encoding'], undefined, path)
  }
})
