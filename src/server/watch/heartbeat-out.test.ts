/** Our own sign of life: only while paging is healthy, no more often than it was said, and to nobody inside a network. */
import assert from 'node:assert/strict'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, test } from 'node:test'
import { openHeartbeatOut, requestOf } from './heartbeat-out.ts'

const heard: { url: string; headers: IncomingHttpHeaders; method: string }[] = []
const said: unknown[] = []
const log = {
  info: (what: unknown) => void said.push(what),
  warn: (what: unknown) => void said.push(what),
} as never
let status = 202
const server = createServer((request, reply) => {
  heard.push({ url: request.url ?? '', headers: request.headers, method: request.method ?? '' })
  reply.writeHead(status).end()
})
let address = ''
before(async () => {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
after(() => server.close())
beforeEach(() => {
  heard.length = 0
  said.length = 0
  status = 202
})

test('it is sent at its interval while paging is healthy, and not at all while it is not', async () => {
  const beat = openHeartbeatOut({ urls: [`http://${address}/a`], everyMs: 60_000, allowInside: true }, log)
  await beat(false, 0)
  await beat(true, 1_000)
  await beat(true, 60_999)
  assert.equal(heard.length, 1)
  await beat(false, 61_000)
  await beat(true, 61_000)
  assert.equal(heard.length, 2)
  assert.equal(heard[0]?.method, 'POST')
})

test('an address inside a network is not connected to unless the installation allows it, and no secret is logged', async () => {
  const beat = openHeartbeatOut(
    { urls: [`https://:hunter2@${address}/a-secret`], everyMs: 1_000, allowInside: false },
    log,
  )
  await beat(true, 1_000)
  assert.deepEqual(heard, [])
  assert.equal(said.length, 1)
  assert.doesNotMatch(JSON.stringify(said), /hunter2|a-secret/)
})

test('what is refused is said once, and once more when it is heard again', async () => {
  status = 401
  const beat = openHeartbeatOut({ urls: [`http://${address}/a`], everyMs: 1_000, allowInside: true }, log)
  await beat(true, 1_000)
  await beat(true, 2_000)
  assert.equal(said.length, 1)
  status = 202
  await beat(true, 3_000)
  assert.equal(said.length, 2)
})

test('a key in the address becomes a header and leaves the address', () => {
  assert.deepEqual(requestOf('https://:a%2Fkey@other.example/v2/heartbeats/us/ping'), {
    url: 'https://other.example/v2/heartbeats/us/ping',
    headers: {
      'user-agent': 'Fortnight',
      authorization: `Basic ${Buffer.from(':a/key').toString('base64')}`,
    },
  })
  assert.deepEqual(requestOf('https://hc-ping.example/uuid').headers, { 'user-agent': 'Fortnight' })
})
