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

const alwaysPossible: readonly ErrorCode[] = ['not-signed-in', 'not-allowed', 'unexpected', 'unavailable']

const errorResponses = (route: Route): Json => {
  const codes = [
    ...(route.permission === 'public' ? [] : alwaysPossible),
    ...(route.body || route.query || route.params ? (['invalid-input'] as const) : []),
    ...(route.errors ?? []),
  ]
  const byStatus = Map.groupBy(new Set(codes), (code) => errorCatalogue[code].status)
  return Object.fromEntries(
    [...byStatus].map(([status, entries]) => [
      String(status),
      {
        description: entries.map((code) => `${code}: ${errorCatalogue[code].title}`).join('; '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  )
}

const operation = ({ name, route }: BoundRoute): Json => ({
  operationId: name,
  summary: route.summary,
  tags: [route.path.split('/')[2] ?? 'other'],
  ...(route.permission === 'public' ? { security: [] } : { 'x-permission': route.permission }),
  parameters: parameters(route),
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
  for (const entry of boundRoutes(app)) {
    const path = entry.route.path.replace(/:([A-Za-z]+)/g, '{$1}')
    paths[path] = { ...paths[path], [entry.route.method.toLowerCase()]: operation(entry) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Fortnight', version: VERSION, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: baseUrl }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: {
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
