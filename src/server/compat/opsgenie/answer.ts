/** How OpsGenie answers: its headers, its bodies, its errors. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Platform } from '../../platform/context.ts'
import { toFault } from '../../platform/faults.ts'
import { IntakeFull } from '../../operations/alerts/intake.ts'

/** What goes wrong in OpsGenie's own terms. `fields`: what is wrong with which field (422). */
export class OpsGenieFault extends Error {
  readonly status: number
  readonly fields: Readonly<Record<string, string>> | undefined
  readonly errorType: string | undefined
  /** OpsGenie's own number of the fault, where its clients read one. */
  readonly code: number | undefined

  constructor(
    status: number,
    message: string,
    more: { fields?: Readonly<Record<string, string>>; errorType?: string; code?: number } = {},
  ) {
    super(message)
    this.status = status
    this.fields = more.fields
    this.errorType = more.errorType
    this.code = more.code
  }
}

export const unusable = (field: string, detail: string): OpsGenieFault =>
  new OpsGenieFault(422, 'Request body is not processable. Please check the errors.', {
    fields: { [field]: detail },
  })

/** One exchange: its id, which is also the name of the request, and when it began. */
export type Exchange = { readonly requestId: string; readonly startedAt: number }

const exchanges = new WeakMap<FastifyRequest, Exchange>()
export const exchangeOf = (platform: Platform, request: FastifyRequest): Exchange => {
  let exchange = exchanges.get(request)
  if (!exchange) {
    exchange = { requestId: platform.ids.next(platform.clock.now()), startedAt: performance.now() }
    exchanges.set(request, exchange)
  }
  return exchange
}

/** Never 0: clients take a missing time for a broken answer. */
const secondsSince = (startedAt: number): number =>
  Math.max(1, Math.round(performance.now() - startedAt)) / 1000

export const send = (
  reply: FastifyReply,
  { requestId, startedAt }: Exchange,
  status: number,
  content: Readonly<Record<string, unknown>>,
): FastifyReply => {
  const took = secondsSince(startedAt)
  void reply
    .code(status)
    .type('application/json; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('x-request-id', requestId)
    .header('x-response-time', String(took))
    .header('x-ratelimit-state', status === 429 ? 'THROTTLED' : 'OK')
  return reply.send(JSON.stringify({ ...content, took, requestId }))
}

/** Seconds: the queue of an installation that can keep up is empty again by then. */
const THROTTLED_SECONDS = 2

const statusOf = (error: unknown): number => {
  if (error instanceof OpsGenieFault) return error.status
  if (error instanceof IntakeFull) return 429
  return toFault(error).status
}

export const sendFault = (
  platform: Platform,
  reply: FastifyReply,
  exchange: Exchange,
  error: unknown,
): FastifyReply => {
  const status = statusOf(error)
  if (status === 429) {
    void reply
      .header('x-ratelimit-reason', 'ACCOUNT')
      .header('x-ratelimit-period-in-sec', String(THROTTLED_SECONDS))
      .header('retry-after', THROTTLED_SECONDS)
  }
  if (error instanceof OpsGenieFault) {
    if (error.errorType) void reply.header('x-opsgenie-errortype', error.errorType)
    return send(reply, exchange, status, {
      message: error.message,
      ...(error.code === undefined ? {} : { code: error.code }),
      ...(error.fields ? { errors: error.fields } : {}),
    })
  }
  const fault = toFault(error)
  if (fault.status >= 500 && !(error instanceof IntakeFull))
    platform.log.error(
      { requestId: exchange.requestId, code: fault.code, err: (fault.cause as Error | undefined)?.stack },
      'a request in the dialect of OpsGenie failed',
    )
  return send(reply, exchange, status, { message: fault.message })
}
