/** The HTTP server: limits, security headers, request ids, one way to answer errors. Areas bind their routes onto it. */
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Ctx, Platform } from '../context.ts'
import { observe } from '../metrics.ts'
import {
  answerBadAddress,
  answerBadBytes,
  answerFault,
  answerNothingHere,
  wantsHtml,
} from './answer-errors.ts'
import { parseJsonBodies } from './json-body.ts'
import { refuseCrossSite } from './refuse-cross-site.ts'
import { newRequestId } from './request-id.ts'
import { tellWhenToReturn } from './retry-after.ts'
import { securityHeaders } from './security-headers.ts'

export { wantsHtml }

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, found once per request; throws a Fault when credentials are given but wrong. */
    ctx: () => Promise<Ctx>
    foundCtx?: Promise<Ctx>
    /** The same asked again: for streams that outlive a session. */
    ctxAnew: () => Promise<Ctx>
  }
}

/** Finds the actor of a request: people/ provides it. */
export type Authenticate = (request: FastifyRequest, base: Omit<Ctx, 'actor'>) => Promise<Ctx>

const SLOW_REQUEST_MS = 2_000
/** Paths of their own would make a series each; a pattern does not. */
const routeOf = (request: FastifyRequest): string => request.routeOptions.url ?? 'none'

/** What is logged about a request never holds its address, headers or body: any of them may carry a secret. */
const tellAfterwards = (app: FastifyInstance, { log }: Platform): void => {
  app.addHook('onResponse', async (request, reply) => {
    const { statusCode, elapsedTime } = reply
    observe('fortnight_http_request_duration_seconds', 'Time from request to reply.', elapsedTime / 1000, {
      method: request.method,
      route: routeOf(request),
      status: `${Math.floor(statusCode / 100)}xx`,
    })
    const slow = elapsedTime > SLOW_REQUEST_MS
    if (!slow && !log.isLevelEnabled('debug')) return
    const about = {
      requestId: request.id,
      method: request.method,
      route: routeOf(request),
      status: statusCode,
      ms: Math.round(elapsedTime),
    }
    if (slow) log.info(about, 'a request took long')
    else log.debug(about, 'a request was answered')
  })
}

/** While draining, a reply says that its connection ends with it: clients would otherwise keep it for 75 s. */
const closeConnectionsWhenStopping = (app: FastifyInstance): void => {
  let stopping = false
  app.addHook('preClose', async () => {
    stopping = true
  })
  app.addHook('onSend', async (_request, reply: FastifyReply, payload) => {
    if (stopping) void reply.header('connection', 'close')
    return payload
  })
}

const meetRequests = (app: FastifyInstance, platform: Platform, authenticate: Authenticate): void => {
  app.decorateRequest('ctx')
  app.decorateRequest('foundCtx')
  app.decorateRequest('ctxAnew')
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(securityHeaders).header('x-request-id', request.id)
    if (request.protocol === 'https') void reply.header('strict-transport-security', 'max-age=31536000')
    refuseCrossSite(request, platform.config)
    request.ctxAnew = () =>
      authenticate(request, {
        platform,
        requestId: request.id,
        log: platform.log,
        address: request.ip,
      })
    request.ctx = () => (request.foundCtx ??= request.ctxAnew())
  })
}

const noSchemas = (): never => {
  throw new Error('routes are described by the contract, not by JSON schemas of Fastify')
}

/**
 * So many proxies are ours: what stands further left in X-Forwarded-For the client wrote there itself. (As a number Fastify
 * would believe none of them.)
 */
const proxiesBefore = (setting: string): false | ((address: string, hop: number) => boolean) => {
  if (setting === 'false') return false
  const ours = setting === 'true' ? 1 : Number(setting)
  return (_address, hop) => hop < ours
}

export const openHttp = (platform: Platform, authenticate: Authenticate): FastifyInstance => {
  const app = Fastify({
    logger: false,
    trustProxy: proxiesBefore(platform.config.TRUST_PROXY),
    genReqId: newRequestId,
    bodyLimit: 1024 * 1024,
    // An alias of OpsGenie has 512 characters, each up to four bytes, each byte %-encoded.
    routerOptions: { maxParamLength: 6_144, ignoreTrailingSlash: true },
    requestTimeout: 60_000,
    keepAliveTimeout: 75_000,
    forceCloseConnections: 'idle',
    // What arrives on an open connection while we drain is still answered: the database is there until the end.
    return503OnClosing: false,
    // Bodies are checked by the contract's shapes and written by JSON.stringify: without this, Fastify loads two compilers
    // of JSON schemas that nobody asks (4 MB).
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    frameworkErrors: (_error, request, reply) => void answerBadAddress(platform, request, reply),
    clientErrorHandler: answerBadBytes,
  })
  meetRequests(app, platform, authenticate)
  closeConnectionsWhenStopping(app)
  tellWhenToReturn(app)
  tellAfterwards(app, platform)
  parseJsonBodies(app)
  // Plain HTML forms: the pages that matter most work without script.
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 64 * 1024 },
    (_request, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(body as string)))
    },
  )
  // Chunks of recordings and attached files arrive as they are; the route's own limit bounds them.
  app.addContentTypeParser(
    ['application/gzip', 'application/octet-stream'],
    { parseAs: 'buffer' },
    (_request, body, done) => done(null, body),
  )
  app.setErrorHandler((error, request, reply) => answerFault(platform, error, request, reply))
  answerNothingHere(app)
  return app
}
