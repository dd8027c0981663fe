/** One way to answer whatever goes wrong: problem+json for programs, a page for people, never a word of ours that leaks. */
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Platform } from '../context.ts'
import { Fault, problemOf, toFault } from '../faults.ts'
import { errorPage } from './error-page.ts'
import { stranger } from '../messages/languages.ts'
import { newRequestId } from './request-id.ts'
import { securityHeaders } from './security-headers.ts'

export const wantsHtml = (request: FastifyRequest): boolean =>
  (request.headers.accept ?? '').includes('text/html') && !request.url.startsWith('/api/')

const logFault = (platform: Platform, request: FastifyRequest, fault: Fault): void => {
  const cause = fault.cause as Error | undefined
  platform.log.error(
    {
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url,
      code: fault.code,
      err: cause?.stack ?? cause,
    },
    'a request failed',
  )
}

export const answerFault = (
  platform: Platform,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply => {
  const fault = toFault(error)
  if (fault.status >= 500) logFault(platform, request, fault)
  if (fault.retryAfterSeconds !== undefined) void reply.header('retry-after', fault.retryAfterSeconds)
  if (fault.code === 'not-signed-in') void reply.header('www-authenticate', 'Bearer')
  const reader = stranger(request.headers['accept-language'])
  const problem = problemOf(fault, request.id, reader)
  void reply.code(fault.status).header('cache-control', 'no-store')
  if (wantsHtml(request)) return reply.type('text/html; charset=utf-8').send(errorPage(problem, reader))
  return reply.type('application/problem+json; charset=utf-8').send(JSON.stringify(problem))
}

/** A request whose address could not even be read (`/%zz`): no hook has run for it. */
export const answerBadAddress = (
  platform: Platform,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply => {
  void reply.headers(securityHeaders).header('x-request-id', request.id)
  return answerFault(platform, new Fault('bad-request', 'This address could not be read.'), request, reply)
}

/** Bytes that are not HTTP, headers without end, a client that stops in the middle: answered on the bare socket. */
export const answerBadBytes = (error: { code?: string }, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const fault =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? new Fault('too-large', 'The headers of this request are larger than 16 kB.')
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? new Fault('bad-request', 'The request did not arrive within a minute.')
        : new Fault('bad-request', 'This is not a request that HTTP allows.')
  const requestId = newRequestId()
  const body = JSON.stringify(problemOf(fault, requestId))
  const headers = {
    ...securityHeaders,
    'x-request-id': requestId,
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  socket.end(`HTTP/1.1 ${fault.status} Error\r\n${lines.join('\r\n')}\r\n\r\n${body}`)
}

/** `/api/pages/:pageId` as a test of paths; undefined for wildcards, which say nothing about what exists. */
const matcherOf = (pattern: string): RegExp | undefined => {
  if (pattern.includes('*') || pattern.includes('(')) return undefined
  const escaped = pattern.replaceAll(/[.+?^${}|[\]\\]/g, '\\$&').replaceAll(/:[A-Za-z]\w*/g, '[^/]+')
  return new RegExp(`^${escaped.replace(/\/$/, '')}/?$`)
}

/** Tells a wrong address from a right address with a wrong method. */
export const answerNothingHere = (app: FastifyInstance): void => {
  const known: { readonly matches: RegExp; readonly methods: readonly string[] }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    const matches = matcherOf(url)
    if (matches) known.push({ matches, methods: [method].flat() })
  })
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? ''
    const allowed = new Set(
      known.filter(({ matches }) => matches.test(path)).flatMap(({ methods }) => methods),
    )
    if (allowed.size === 0)
      throw new Fault(
        'not-found',
        'There is nothing at this address. Check the link, or start at the home page.',
      )
    const list = [...allowed].sort().join(', ')
    void reply.header('allow', list)
    throw new Fault('method-not-allowed', `This address answers ${list}, not ${request.method}.`)
  })
}
