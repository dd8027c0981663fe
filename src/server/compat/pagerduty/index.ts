/** PagerDuty's Events API on its own addresses: `routing_key` is an integration key, `dedup_key` belongs to it. */
import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { pagerDutyRoutes } from '../../../contract/compat/pagerduty.ts'
import { alertIsOver } from '../../../domain/operations/alerts/alert-is-over.ts'
import { alertFromPagerDuty } from '../../../domain/operations/alerts/alert-from-pagerduty.ts'
import type { AlertFromSource } from '../../../domain/operations/alerts/alert-from-alertmanager.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import { intakeOf } from '../../operations/alerts/intake.ts'
import { knownFingerprint, submitNamed } from '../../operations/alerts/sent-names.ts'
import { announceChange } from '../../operations/operator-log/index.ts'
import { integrationOf, type KnownKey } from '../../people/environments/integration-key.ts'
import type { Platform } from '../../platform/context.ts'
import { toFault } from '../../platform/faults.ts'
import { declareRoute } from '../../platform/http/bind.ts'
import { count } from '../../platform/metrics.ts'
import { fingerprintOf } from '../fingerprint.ts'
import { ctxOfKey } from '../key-of-request.ts'
import { takeRawBodies } from '../read-body.ts'
import { acknowledgeEvent } from './acknowledge-event.ts'
import { changeOf } from './change-of-event.ts'
import { InvalidEvent, readChangeEvent, readEvent, type Version } from './read-event.ts'

const keyNamed = async (platform: Platform, secret: string, address: string): Promise<KnownKey> => {
  const key = await integrationOf(platform, secret, address)
  if (key) return key
  count('fortnight_intake_wrong_key_total', 'Notifications with an unknown or revoked integration key.')
  throw new InvalidEvent(
    'The key of the event is not the integration key of an environment; it may have been revoked',
  )
}

const enqueue = async (platform: Platform, request: FastifyRequest, version: Version): Promise<string> => {
  const now = platform.clock.now()
  const { action, secret, dedupKey, body } = readEvent(request.body, version, () => platform.ids.next(now))
  const key = await keyNamed(platform, secret, request.ip)
  // Both versions by one name: a sender that moves from one to the other resolves what it triggered before.
  const own = fingerprintOf('pagerduty', key.keyId, dedupKey)
  const ctx = ctxOfKey(platform, key, request)
  const known = () => knownFingerprint(ctx, key, { name: dedupKey, fingerprint: own })
  if (action === 'acknowledge') {
    await acknowledgeEvent(ctx, key, { fingerprint: await known(), client: body['client'] })
    return dedupKey
  }
  const alert =
    action === 'trigger'
      ? alertFromPagerDuty(body, { fingerprint: own, dedupKey, now })
      : alertIsOver(await known(), now)
  if (isRefusal(alert)) throw new InvalidEvent(alert.detail)
  const digest = createHash('sha256')
    .update(request.body as Buffer)
    .digest()
  const submit = (stored: AlertFromSource) =>
    intakeOf(platform).submit(key, { alerts: [stored], digest, receivedAt: now })
  await (action === 'trigger' ? submitNamed(ctx, key, { name: dedupKey, alert, submit }) : submit(alert))
  count('fortnight_alerts_received_total', 'Alerts received and committed, repeats included.', 1)
  return dedupKey
}

const enqueueChange = async (platform: Platform, request: FastifyRequest): Promise<void> => {
  const event = readChangeEvent(request.body)
  const key = await keyNamed(platform, event.secret, request.ip)
  await announceChange(ctxOfKey(platform, key, request), changeOf(event, platform.clock.now()))
}

/**
 * @param comeBack the status after which the clients of this address send again. Nothing was stored then, whatever the
 *                 reason. Of version 2: PagerDuty's own client after 429 alone, Alertmanager after 429 and 5xx. Of
 *                 version 1: Alertmanager after 403 and 5xx.
 */
const answerFault = (
  platform: Platform,
  error: unknown,
  reply: FastifyReply,
  comeBack: 429 | 403,
): FastifyReply => {
  const invalid = (status: number, detail: string) =>
    reply.code(status).send({ status: 'invalid event', message: 'Event object is invalid', errors: [detail] })
  if (error instanceof InvalidEvent) return invalid(400, error.message)
  const fault = toFault(error)
  if (fault.status < 500) return invalid(fault.status, fault.message)
  platform.log.error({ code: fault.code, err: (fault.cause as Error | undefined)?.stack }, 'an event failed')
  return reply
    .code(comeBack)
    .send({ status: 'throttle exceeded', message: fault.message, errors: [fault.message] })
}

type Content = Readonly<Record<string, string>>

export const bindPagerDuty = async (http: FastifyInstance, platform: Platform): Promise<void> => {
  await http.register(async (scope) => {
    takeRawBodies(scope)
    const take = (
      name: keyof typeof pagerDutyRoutes,
      comeBack: 429 | 403,
      answer: (request: FastifyRequest) => Promise<Content>,
    ): void => {
      const route = pagerDutyRoutes[name]
      declareRoute(http, name, route)
      scope.post(
        route.path,
        {
          bodyLimit: route.bodyLimit,
          errorHandler: (error, _request, reply) => answerFault(platform, error, reply, comeBack),
        },
        async (request, reply) => {
          const content = await answer(request)
          return reply
            .code(route.status ?? 200)
            .header('cache-control', 'no-store')
            .send(content)
        },
      )
    }
    take('enqueuePagerDutyEvent', 429, async (request) => ({
      status: 'success',
      message: 'Event processed',
      dedup_key: await enqueue(platform, request, 2),
    }))
    take('enqueuePagerDutyChange', 429, async (request) => {
      await enqueueChange(platform, request)
      return { status: 'success', message: 'Change event processed' }
    })
    take('createPagerDutyEventVersion1', 403, async (request) => ({
      status: 'success',
      message: 'Event processed',
      incident_key: await enqueue(platform, request, 1),
    }))
  })
}
