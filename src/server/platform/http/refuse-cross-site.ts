/** A browser that acts for somebody must come from our own pages; API clients send none of these headers. */
import type { FastifyRequest } from 'fastify'
import type { Config } from '../config.ts'
import { Fault } from '../faults.ts'

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

const isOurs = (request: FastifyRequest, origin: string, { baseUrl }: Config): boolean =>
  origin === `${request.protocol}://${request.headers.host}` || origin === new URL(baseUrl).origin

/**
 * Fetch metadata where the browser sends it, the Origin header where it does not (plain http on a network, old browsers).
 * With no cookie of ours a foreign page is refused, too: it could otherwise sign a visitor in as somebody else. Only who
 * brings a token in a header asks for nobody but themselves: no page can make a browser add one.
 */
export const refuseCrossSite = (request: FastifyRequest, config: Config): void => {
  if (SAFE_METHODS.includes(request.method)) return
  const { 'sec-fetch-site': site, origin, cookie, authorization } = request.headers
  if (site === 'same-origin' || site === 'none') return
  const ambient = cookie !== undefined || authorization === undefined
  const foreign = site !== undefined || (ambient && origin !== undefined && !isOurs(request, origin, config))
  if (foreign) throw new Fault('cross-site-refused', 'Open Fortnight itself and try again there.')
}
