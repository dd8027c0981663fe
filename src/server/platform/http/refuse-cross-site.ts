/** A browser that acts for somebody must come from our own pages; API clients send none of these headers. */
import type { FastifyRequest } from 'fastify'
import type { Config } from '../config.ts'
import { Fault } from '../faults.ts'

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

const isOurs = (request: FastifyRequest, origin: string, { baseUrl }: Config): boolean =>
  origin === `${request.protocol}://${request.headers.host}` || origin === new URL(baseUrl).origin

/**
 * Fetch metadata where the browser sends it, the Origin header where it does not. Without our cookie a foreign page is
 * refused too: it could otherwise sign a visitor in as somebody else.
 */
export const refuseCrossSite = (request: FastifyRequest, config: Config): void => {
  if (SAFE_METHODS.includes(request.method)) return
  const { 'sec-fetch-site': site, origin, cookie } = request.headers
  if (site === 'same-origin' || site === 'none') return
  const foreign =
    site !== undefined || (cookie !== undefined && origin !== undefined && !isOurs(request, origin, config))
  if (foreign) throw new Fault('cross-site-refused', 'Open Fortnight itself and try again there.')
}
