/** Binds a contract route to its verb: permission, parsing, idempotency, reply. Nothing is reachable that is not bound here. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { InputOf, ReplyOf, Route, RouteTable } from '../../../contract/route.ts'
import { may } from '../../../domain/people/permissions.ts'
import type { Ctx } from '../context.ts'
import { Fault, type FieldFault } from '../faults.ts'
import { stranger } from '../messages/languages.ts'
import { replyFaults } from './check-reply.ts'
import { withIdempotency } from './idempotency.ts'
import { isRaw, type RawReply } from './raw-reply.ts'
import { sayFindings } from './said-findings.ts'
import { unstorableIn } from './storable.ts'

export type Handler<T extends Route> = (
  ctx: Ctx,
  input: InputOf<T>,
  request: FastifyRequest,
) => Promise<ReplyOf<T> | RawReply>
export type Handlers<T extends RouteTable> = { readonly [K in keyof T]: Handler<T[K]> }

export type BoundRoute = { readonly name: string; readonly route: Route }
const bound = new WeakMap<FastifyInstance, BoundRoute[]>()
/** Every route bound on this server: OpenAPI, the authorisation enumeration and the tidy test read it. */
export const boundRoutes = (app: FastifyInstance): readonly BoundRoute[] => bound.get(app) ?? []

/** Names a route that an area serves itself (foreign dialects, raw bodies), so that it is listed and enumerated like the rest. */
export const declareRoute = (app: FastifyInstance, name: string, route: Route): void => {
  bound.set(app, [...boundRoutes(app), { name, route }])
}

const faultsOf = (part: string, error: z.ZodError): FieldFault[] =>
  error.issues.slice(0, 50).map((issue) => ({ path: [part, ...issue.path].join('.'), detail: issue.message }))

const parsePart = (
  part: string,
  schema: z.ZodType | undefined,
  value: unknown,
  faults: FieldFault[],
): unknown => {
  if (!schema) return undefined
  const parsed = schema.safeParse(value ?? {})
  if (parsed.success) return parsed.data
  faults.push(...faultsOf(part, parsed.error))
  return undefined
}

const invalidInput = (faults: readonly FieldFault[]): Fault => {
  const named = faults
    .slice(0, 3)
    .map((fault) => `${fault.path}: ${fault.detail}`)
    .join('; ')
  return new Fault('invalid-input', `Nothing was changed. ${named}.`, { errors: faults })
}

const parseInput = (route: Route, request: FastifyRequest): unknown => {
  const faults: FieldFault[] = [
    ...unstorableIn('path', request.params),
    ...unstorableIn('query', request.query),
    ...unstorableIn('body', request.body),
  ]
  if (faults.length > 0) throw invalidInput(faults)
  const params = parsePart('path', route.params, request.params, faults)
  const query = parsePart('query', route.query, request.query, faults)
  const body = parsePart('body', route.body, request.body, faults)
  if (faults.length > 0) throw invalidInput(faults)
  // A body that is not an object (a list, say) is handed over under its own name.
  const merged =
    typeof body === 'object' && body !== null && !Array.isArray(body)
      ? body
      : body === undefined
        ? {}
        : { body }
  return { ...(params as object), ...(query as object), ...merged }
}

export const authorise = (ctx: Ctx, route: Pick<Route, 'permission' | 'summary'>): void => {
  if (route.permission === 'public' || may(ctx.actor, route.permission)) return
  if (ctx.actor.kind === 'anonymous')
    throw new Fault('not-signed-in', 'Sign in, or send a token as Authorization: Bearer.')
  throw new Fault(
    'not-allowed',
    `This needs the permission ${route.permission}, which your roles or your token do not give.`,
  )
}

const USUAL_BODY_BYTES = 1024 * 1024

/** Larger than what anybody may send us, or of a size that is not said. */
export const mayBeLarge = ({ headers }: Pick<FastifyRequest, 'headers'>): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > USUAL_BODY_BYTES

/**
 * A large body is read only for who may send it: some strangers with a few megabytes each would otherwise fill the memory
 * of the process that pages people. Asked again afterwards: it takes a while to arrive.
 */
const refuseLargeFromStrangers =
  (route: Route) =>
  async (request: FastifyRequest): Promise<void> => {
    if (mayBeLarge(request)) authorise(await request.ctxAnew(), route)
  }

/** Node sets this in the processes of its test runner. */
const UNDER_TEST = process.env['NODE_TEST_CONTEXT'] !== undefined

const answerOf = async <T extends Route>(
  handler: Handler<T>,
  route: T,
  ...given: Parameters<Handler<T>>
): Promise<ReplyOf<T> | RawReply> => {
  const answer = await handler(...given)
  const faults = UNDER_TEST && !isRaw(answer) ? replyFaults(route.reply, answer) : []
  if (faults.length > 0)
    throw new Error(`the reply of ${route.method} ${route.path} breaks its contract: ${faults.join('; ')}`)
  const [, , request] = given
  return isRaw(answer) ? answer : sayFindings(answer, stranger(request.headers['accept-language']))
}

const send = (reply: FastifyReply, route: Route, answer: unknown): FastifyReply => {
  void reply.code(route.status ?? 200).header('cache-control', 'no-store')
  return reply.send(answer)
}

const bindOne = <T extends Route>(
  app: FastifyInstance,
  name: string,
  route: T,
  handler: Handler<T>,
): void => {
  declareRoute(app, name, route)
  app.route({
    method: route.method,
    url: route.path,
    bodyLimit: route.bodyLimit ?? USUAL_BODY_BYTES,
    // Here, not before: the route's own hooks run once its address and method are known, and before a byte is read.
    onRequest: refuseLargeFromStrangers(route),
    handler: async (request, reply) => {
      const ctx = await request.ctx()
      authorise(ctx, route)
      const input = parseInput(route, request) as InputOf<T>
      if (route.method === 'GET') {
        const answer = await answerOf(handler, route, ctx, input, request)
        return isRaw(answer) ? answer.raw(reply, request) : send(reply, route, answer)
      }
      return withIdempotency(ctx, request, reply, route, async (claimed) => {
        const answer = await answerOf(handler, route, claimed, input, request)
        return isRaw(answer) ? answer : { answer }
      })
    },
  })
}

/** The compiler asks for a handler for every route of the table. */
export const bind = <T extends RouteTable>(app: FastifyInstance, routes: T, handlers: Handlers<T>): void => {
  for (const [name, route] of Object.entries(routes))
    bindOne(app, name, route, handlers[name] as Handler<Route>)
}
