/** No reply turns anybody away without saying for how long, whoever writes it and whatever the reason. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { errorCatalogue, type ErrorCode } from '../../../contract/errors.ts'
import { defineRoutes } from '../../../contract/route.ts'
import { Fault } from '../faults.ts'
import { platformAlone, type PlatformAlone } from '../platform-alone.fixture.ts'
import { asAnybody } from './as-anybody.fixture.ts'
import { bind } from './bind.ts'
import { raw } from './raw-reply.ts'
import { openHttp } from './server.ts'

const codes = (Object.keys(errorCatalogue) as ErrorCode[]).map((code) => ({
  code,
  status: errorCatalogue[code].status as number,
}))
const turnsAway = ({ status }: { status: number }): boolean => status === 429 || status === 503

const open = { method: 'GET', permission: 'public', summary: '', reply: z.unknown() } as const
const routes = defineRoutes({
  fail: { ...open, path: '/api/fail/:code', params: z.object({ code: z.string() }) },
  failFor: { ...open, path: '/api/fail-for/:seconds', params: z.object({ seconds: z.coerce.number() }) },
  write: { ...open, path: '/api/write/:status', params: z.object({ status: z.coerce.number() }) },
})

let alone: PlatformAlone
let http: FastifyInstance
before(async () => {
  alone = await platformAlone()
  http = openHttp(alone.platform, asAnybody)
  bind(http, routes, {
    fail: async (_ctx, { code }) => {
      throw new Fault(code as ErrorCode, 'Not now.')
    },
    failFor: async (_ctx, { seconds }) => {
      throw new Fault('too-many-tries', 'Not now.', { retryAfterSeconds: seconds })
    },
    write: async (_ctx, { status }) => raw((reply) => reply.code(status).send('written by hand')),
  })
})
after(async () => {
  await http.close()
  await alone.stop()
})

const waitOf = async (url: string, accept = 'application/json') =>
  (await http.inject({ url, headers: { accept } })).headers['retry-after']

test('every error of status 429 or 503 says when to come back, to programs and to people; no other does', async () => {
  assert.ok(codes.filter(turnsAway).length >= 3)
  for (const each of codes)
    for (const accept of ['application/json', 'text/html']) {
      const wait = await waitOf(`/api/fail/${each.code}`, accept)
      if (turnsAway(each)) assert.match(String(wait), /^[1-9]\d*$/, each.code)
      else assert.equal(wait, undefined, each.code)
    }
})

test('whoever knows better is heard', async () => {
  assert.equal(await waitOf('/api/fail-for/731'), '731')
})

test('a reply that is no fault is told alike', async () => {
  assert.match(String(await waitOf('/api/write/503')), /^[1-9]\d*$/)
  assert.match(String(await waitOf('/api/write/429')), /^[1-9]\d*$/)
  assert.equal(await waitOf('/api/write/200'), undefined)
})
