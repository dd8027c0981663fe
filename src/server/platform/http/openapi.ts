/** GET /openapi.json: derived from the bound routes, so that it cannot say anything the server does not do. */
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { errorCatalogue, type ErrorCode } from '../../../contract/errors.ts'
import type { Route } from '../../../contract/route.ts'
import { VERSION } from '../version.ts'
import { boundRoutes, type BoundRoute } from './bind.ts'

type Json = Record<string, unknown>

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}

const parameters = (route: Route): Json[] =>
  (['params', 'query'] as const).flatMap((part) => {
    const schema = route[part]
    if (!schema) return []
    const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
      properties?: Json
      required?: string[]
    }
    return Object.entries(properties).map(([name, shape]) => ({
      name,
      in: part === 'params' ? 'path' : 'query',
      required: part === 'params' || required.includes(name),
      schema: shape,
    }))
  })

/** Whoever is somebody may send a write again with the same key and get the same reply. */
const isRepeatable = ({ method, permission, dialect }: Route): boolean =>
  method !== 'GET' && permission !== 'public' && !dialect

const idempotencyKey: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'At most 200 characters. The same key and request within 24 hours are done once and answered alike.',
  schema: { type: 'string', maxLength: 200 },
}

const alwaysPossible: readonly ErrorCode[] = ['unexpected', 'unavailable']
const whereSomebodyIsAsked: readonly ErrorCode[] = ['not-signed-in', 'not-allowed', 'wrong-credentials']
const whereRepeated: readonly ErrorCode[] = ['key-reused', 'still-running', 'reply-lost']

const retryAfter: Json = {
  description: 'Seconds until asking again is worth it.',
  schema: { type: 'integer', minimum: 1 },
}

/** A foreign dialect answers errors in its own shape, and knows no Idempotency-Key. */
const dialectResponses = ({ error, statuses }: NonNullable<Route['dialect']>): Json =>
  Object.fromEntries(
    statuses.map((status) => [
      String(status),
      {
        description: 'In the shape of the dialect.',
        ...(status === 429 || status === 503 ? { headers: { 'Retry-After': retryAfter } } : {}),
        content: { 'application/json': { schema: jsonSchema(error, 'input') } },
      },
    ]),
  )

const errorResponses = (route: Route): Json => {
  if (route.dialect) return dialectResponses(route.dialect)
  const codes = [
    ...alwaysPossible,
    ...(route.permission === 'public' ? [] : whereSomebodyIsAsked),
    ...(isRepeatable(route) ? whereRepeated : []),
    ...(route.body || route.query || route.params ? (['invalid-input'] as const) : []),
    ...(route.errors ?? []),
  ]
  const byStatus = Map.groupBy(new Set(codes), (code) => errorCatalogue[code].status)
  return Object.fromEntries(
    [...byStatus].map(([status, entries]) => [
      String(status),
      {
        description: entries.map((code) => `${code}: ${errorCatalogue[code].title}`).join('; '),
        ...(status === 429 || status === 503 ? { headers: { 'Retry-After': retryAfter } } : {}),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  )
}

const operation = ({ name, route }: BoundRoute, operationId = name): Json => ({
  operationId,
  summary: route.summary,
  tags: [route.path.split('/')[2] ?? 'other'],
  ...(route.permission === 'public' ? { security: [] } : { 'x-permission': route.permission }),
  ...(route.permission !== 'public' && route.dialect ? { security: [{ genieKey: [] }, { token: [] }] } : {}),
  parameters: [...parameters(route), ...(isRepeatable(route) ? [idempotencyKey] : [])],
  ...(route.body
    ? {
        requestBody: {
          required: true,
          content: { 'application/json': { schema: jsonSchema(route.body, 'input') } },
        },
      }
    : {}),
  responses: {
    [String(route.status ?? 200)]: {
      description: 'Done',
      content: { 'application/json': { schema: jsonSchema(route.reply, 'input') } },
    },
    ...errorResponses(route),
  },
})

const problemSchema: Json = {
  type: 'object',
  required: ['type', 'code', 'title', 'status', 'detail', 'requestId'],
  properties: {
    type: { type: 'string' },
    code: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    requestId: { type: 'string' },
    errors: {
      type: 'array',
      items: { type: 'object', properties: { path: { type: 'string' }, detail: { type: 'string' } } },
    },
  },
}

export const openApiOf = (app: FastifyInstance, baseUrl: string): Json => {
  const paths: Record<string, Json> = {}
  const taken = new Set<string>()
  for (const entry of boundRoutes(app)) {
    const { path: pattern, method } = entry.route
    // Two areas may each have a `list`: the later one is told apart by its address.
    const id = taken.has(entry.name)
      ? `${entry.name}-${pattern.split('/').slice(2).join('-')}`.replaceAll(':', '')
      : entry.name
    taken.add(id)
    const path = pattern.replaceAll(/:([A-Za-z]+)/g, '{$1}')
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation(entry, id) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Fortnight', version: VERSION, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: baseUrl }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: {
        genieKey: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: '`GenieKey <integration key>`, or Basic authentication with the key as password.',
        },
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'A personal API token (fnp_…) or, for integrations, an integration key (fni_…).',
        },
      },
      schemas: { Problem: problemSchema },
    },
  }
}
