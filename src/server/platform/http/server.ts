/** The HTTP server: limits, security headers, request ids, one way to answer errors. Areas bind their routes onto it. */
import { randomBytes } from 'node:crypto'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import type { Ctx, Platform } from '../context.ts'
import { Fault, problemOf, toFault } from '../faults.ts'
import { errorPage } from './error-page.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, found once per request; throws a Fault when credentials are given but wrong. */
    ctx: () => Promise<Ctx>
    foundCtx?: Promise<Ctx>
  }
}

/** Finds the actor of a request: people/ provides it. */
export type Authenticate = (request: FastifyRequest, base: Omit<Ctx, 'actor'>) => Promise<Ctx>

/** 'wasm-unsafe-eval' is for the recording player's terminal, which is WebAssembly from our own origin. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self' blob:",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
}

const newRequestId = (): string => randomBytes(9).toString('base64url')

/** A browser that carries our cookie must come from our own pages; API clients send no such headers. */
const refuseCrossSite = (request: FastifyRequest): void => {
  if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') return
  if (request.headers.cookie === undefined) return
  const site = request.headers['sec-fetch-site']
  if (site === 'same-origin' || site === 'none') return
  const origin = request.headers.origin
  if (
    site === undefined &&
    (origin === undefined || origin === `${request.protocol}://${request.headers.host}`)
  )
    return
  throw new Fault('cross-site-refused', 'Open Fortnight itself and try again there.')
}

export const wantsHtml = (request: FastifyRequest): boolean =>
  (request.headers.accept ?? '').includes('text/html') && !request.url.startsWith('/api/')

const answerErrors = (app: FastifyInstance, platform: Platform): void => {
  app.setErrorHandler((error, request, reply) => {
    const fault = toFault(error)
    if (fault.status >= 500) {
      const cause = fault.cause as Error | undefined
      platform.log.error(
        {
          requestId: request.id,
          route: request.routeOptions.url,
          code: fault.code,
          err: cause?.stack ?? cause,
        },
        'a request failed',
      )
    }
    if (fault.status === 503) void reply.header('retry-after', '2')
    if (fault.code === 'not-signed-in') void reply.header('www-authenticate', 'Bearer')
    const problem = problemOf(fault, request.id)
    void reply.code(fault.status).header('cache-control', 'no-store')
    if (wantsHtml(request)) return reply.type('text/html; charset=utf-8').send(errorPage(problem))
    return reply.type('application/problem+json; charset=utf-8').send(JSON.stringify(problem))
  })
  app.setNotFoundHandler(() => {
    throw new Fault(
      'not-found',
      'There is nothing at this address. Check the link, or start at the home page.',
    )
  })
}

export const openHttp = (platform: Platform, authenticate: Authenticate): FastifyInstance => {
  const app = Fastify({
    logger: false,
    trustProxy: platform.config.TRUST_PROXY === 'true',
    genReqId: newRequestId,
    bodyLimit: 1024 * 1024,
    routerOptions: { maxParamLength: 300, ignoreTrailingSlash: true },
    requestTimeout: 60_000,
    keepAliveTimeout: 75_000,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
  })
  app.decorateRequest('ctx')
  app.decorateRequest('foundCtx')
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(securityHeaders).header('x-request-id', request.id)
    if (request.protocol === 'https') void reply.header('strict-transport-security', 'max-age=31536000')
    refuseCrossSite(request)
    request.ctx = () =>
      (request.foundCtx ??= authenticate(request, {
        platform,
        requestId: request.id,
        log: platform.log,
        address: request.ip,
      }))
  })
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
  answerErrors(app, platform)
  return app
}
