/** PagerDuty's Events API v2 on its own address: `routing_key` is an integration key, `dedup_key` belongs to it. */
import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { pagerDutyRoutes } from '../../../contract/compat/pagerduty.ts'
import { alertIsOver } from '../../../domain/operations/alerts/alert-is-over.ts'
import {
  alertFromPagerDuty,
  longestDedupKey,
} from '../../../domain/operations/alerts/alert-from-pagerduty.ts'
import { readText } from '../../../domain/operations/alerts/sent-text.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import { intakeOf } from '../../operations/alerts/intake.ts'
import { integrationOf } from '../../people/environments/integration-key.ts'
import type { Platform } from '../../platform/context.ts'
import { toFault } from '../../platform/faults.ts'
import { declareRoute } from '../../platform/http/bind.ts'
import { count } from '../../platform/metrics.ts'
import { fingerprintOf } from '../fingerprint.ts'
import { parseJson, takeRawBodies } from '../read-body.ts'

/** Alertmanager cuts its events at PagerDuty's 512 kB. Whoever sends has no key yet when the body is read. */
const LARGEST_EVENT_BYTES = pagerDutyRoutes.enqueuePagerDutyEvent.bodyLimit

class InvalidEvent extends Error {}
const blank = (field: string): InvalidEvent => new InvalidEvent(`'${field}' is missing or blank`)

/** An event whose key, action and name are known. */
type Event = {
  readonly action: 'trigger' | 'resolve'
  readonly secret: string
  readonly dedupKey: string
  readonly body: Readonly<Record<string, unknown>>
}

const readEvent = (platform: Platform, bytes: unknown): Event => {
  const parsed = parseJson(bytes)
  if ('fault' in parsed) throw new InvalidEvent(parsed.fault)
  const body = (parsed.body ?? {}) as Record<string, unknown>
  const secret = typeof body['routing_key'] === 'string' ? body['routing_key'].trim() : ''
  if (secret === '') throw blank('routing_key')
  const action = typeof body['event_action'] === 'string' ? body['event_action'].trim().toLowerCase() : ''
  const dedupKey = readText(body['dedup_key'], 'dedup_key', longestDedupKey, [])
  if (action === 'trigger')
    return { action, secret, dedupKey: dedupKey || platform.ids.next(platform.clock.now()), body }
  if (action === 'acknowledge')
    throw new InvalidEvent(
      "'event_action' acknowledge is not taken from machines: an alert is taken by a person, in Fortnight. Paging goes on",
    )
  if (action !== 'resolve')
    throw new InvalidEvent("'event_action' is none of trigger, acknowledge and resolve")
  if (dedupKey === '') throw blank('dedup_key')
  return { action, secret, dedupKey, body }
}

const enqueue = async (platform: Platform, request: FastifyRequest): Promise<string> => {
  const { action, secret, dedupKey, body } = readEvent(platform, request.body)
  const key = await integrationOf(platform, secret, request.ip)
  if (!key) {
    count('fortnight_intake_wrong_key_total', 'Notifications with an unknown or revoked integration key.')
    throw new InvalidEvent(
      "'routing_key' is not the integration key of an environment; it may have been revoked",
    )
  }
  const now = platform.clock.now()
  const fingerprint = fingerprintOf('pagerduty', key.keyId, dedupKey)
  const alert =
    action === 'trigger'
      ? alertFromPagerDuty(body, { fingerprint, dedupKey, now })
      : alertIsOver(fingerprint, now)
  if (isRefusal(alert)) throw new InvalidEvent(alert.detail)
  const digest = createHash('sha256')
    .update(request.body as Buffer)
    .digest()
  await intakeOf(platform).submit(key, { alerts: [alert], digest, receivedAt: now })
  count('fortnight_alerts_received_total', 'Alerts received and committed, repeats included.', 1)
  return dedupKey
}

const answerFault = (platform: Platform, error: unknown, reply: FastifyReply): FastifyReply => {
  if (error instanceof InvalidEvent)
    return reply
      .code(400)
      .send({ status: 'invalid event', message: 'Event object is invalid', errors: [error.message] })
  const fault = toFault(error)
  if (fault.status < 500)
    return reply
      .code(fault.status)
      .send({ status: 'invalid event', message: fault.message, errors: [fault.message] })
  platform.log.error({ code: fault.code, err: (fault.cause as Error | undefined)?.stack }, 'an event failed')
  // Nothing was stored, whatever the reason. PagerDuty's own client sends again after 429 alone, Alertmanager after either.
  return reply
    .code(429)
    .send({ status: 'throttle exceeded', message: fault.message, errors: [fault.message] })
}

export const bindPagerDuty = async (http: FastifyInstance, platform: Platform): Promise<void> => {
  await http.register(async (scope) => {
    takeRawBodies(scope)
    scope.setErrorHandler((error, _request, reply) => answerFault(platform, error, reply))
    const route = pagerDutyRoutes.enqueuePagerDutyEvent
    declareRoute(http, 'enqueuePagerDutyEvent', route)
    scope.post(route.path, { bodyLimit: LARGEST_EVENT_BYTES }, async (request, reply) => {
      const dedupKey = await enqueue(platform, request)
      return reply
        .code(202)
        .header('cache-control', 'no-store')
        .send({ status: 'success', message: 'Event processed', dedup_key: dedupKey })
    })
  })
}
