/** /openapi.json says what the server does: every bound route, its inputs, its errors, and how writes are repeated. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { defineRoutes } from '../../../contract/route.ts'
import { bindHealth } from '../health.ts'
import { platformAlone, type PlatformAlone } from '../platform-alone.fixture.ts'
import { asAnybody } from './as-anybody.fixture.ts'
import { bind } from './bind.ts'
import { openHttp } from './server.ts'

type Operation = {
  operationId: string
  security?: unknown[]
  'x-permission'?: string
  parameters: { name: string; in: string; required: boolean }[]
  responses: Record<string, { description: string; headers?: Record<string, unknown> }>
  requestBody?: unknown
}
type Document = {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: object }
}

const row = z.object({ id: z.string() })
const routes = defineRoutes({
  list: {
    method: 'GET',
    path: '/api/first',
    permission: 'self.read',
    summary: 'Lists',
    query: z.object({ limit: z.coerce.number().optional() }),
    reply: row,
  },
  change: {
    method: 'PUT',
    path: '/api/first/:id',
    permission: 'self.change',
    summary: 'Changes',
    params: z.object({ id: z.string() }),
    body: row,
    reply: row,
    errors: ['not-found'],
  },
  enter: {
    method: 'POST',
    path: '/api/enter',
    permission: 'public',
    summary: 'Enters',
    body: row,
    reply: row,
    status: 201,
  },
  speak: {
    method: 'POST',
    path: '/v2/spoken',
    permission: 'alerts.send',
    summary: 'Speaks',
    reply: row,
    status: 202,
    dialect: { error: z.object({ message: z.string() }), statuses: [401, 429] },
  },
})
const others = defineRoutes({
  list: {
    method: 'GET',
    path: '/api/second/:id/list',
    permission: 'self.read',
    summary: 'Lists',
    params: z.object({ id: z.string() }),
    reply: row,
  },
})

let alone: PlatformAlone
let http: FastifyInstance
let document: Document
before(async () => {
  alone = await platformAlone()
  http = openHttp(alone.platform, asAnybody)
  const answer = async () => ({ id: 'x' })
  bind(http, routes, { list: answer, change: answer, enter: answer, speak: answer })
  bind(http, others, { list: answer })
  bindHealth(http, alone.platform)
  document = (await http.inject('/openapi.json')).json<Document>()
})
after(async () => {
  await http.close()
  await alone.stop()
})

const operations = (): Operation[] => Object.values(document.paths).flatMap((path) => Object.values(path))

test('every bound route is there under its path and method, each with an id of its own', () => {
  assert.equal(document.openapi, '3.1.0')
  assert.deepEqual(Object.keys(document.paths).sort(), [
    '/api/enter',
    '/api/first',
    '/api/first/{id}',
    '/api/second/{id}/list',
    '/v2/spoken',
  ])
  const ids = operations().map(({ operationId }) => operationId)
  assert.equal(new Set(ids).size, ids.length)
})

test('permissions are named, and what is open to all says so', () => {
  assert.equal(document.paths['/api/first']?.['get']?.['x-permission'], 'self.read')
  assert.deepEqual(document.paths['/api/enter']?.['post']?.security, [])
})

test('path parameters are mandatory, queries as the shape says, and writes name the Idempotency-Key', () => {
  const change = document.paths['/api/first/{id}']?.['put']
  assert.deepEqual(
    change?.parameters.map(({ name, in: where, required }) => [name, where, required]),
    [
      ['id', 'path', true],
      ['Idempotency-Key', 'header', false],
    ],
  )
  assert.ok(change?.requestBody)
  const list = document.paths['/api/first']?.['get']
  assert.deepEqual(
    list?.parameters.map(({ name, required }) => [name, required]),
    [['limit', false]],
  )
  assert.deepEqual(document.paths['/api/enter']?.['post']?.parameters, [])
})

test('the errors of an operation are those it may answer', () => {
  const responses = document.paths['/api/first/{id}']?.['put']?.responses ?? {}
  const codes = (status: string): string => responses[status]?.description ?? ''
  assert.deepEqual(Object.keys(responses).sort(), ['200', '401', '403', '404', '409', '422', '500', '503'])
  assert.match(codes('404'), /not-found/)
  assert.match(codes('409'), /still-running.*reply-lost/)
  assert.match(codes('422'), /key-reused.*|invalid-input/)
  assert.ok(document.paths['/api/enter']?.['post']?.responses['201'])
  const telling = Object.entries(responses).filter(([, response]) => response.headers?.['Retry-After'])
  assert.deepEqual(
    telling.map(([status]) => status),
    ['503'],
  )
})

test('a foreign dialect answers errors in its own shape, and is not repeated by Idempotency-Key', () => {
  const speak = document.paths['/v2/spoken']?.['post']
  assert.deepEqual(Object.keys(speak?.responses ?? {}), ['202', '401', '429'])
  assert.doesNotMatch(JSON.stringify(speak?.responses), /Problem/)
  assert.deepEqual([speak?.parameters, speak?.security], [[], [{ genieKey: [] }, { token: [] }]])
})

test('every reference leads somewhere', () => {
  const text = JSON.stringify(document)
  for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/([A-Za-z]+)"/g))
    assert.ok(name in document.components.schemas, name)
})
