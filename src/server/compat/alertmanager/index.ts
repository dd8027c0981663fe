/** Alertmanager's API v2 for Prometheus itself: alerts without an Alertmanager in between. */
import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { alertmanagerRoutes } from '../../../contract/compat/alertmanager.ts'
import { labelFingerprint } from '../../../domain/operations/alerts/label-fingerprint.ts'
import { isObject } from '../../../domain/operations/alerts/read-labels.ts'
import { parseInstant } from '../../../domain/time/instant.ts'
import { intakeOf } from '../../operations/alerts/intake.ts'
import { keepLeases } from '../../operations/alerts/leases.ts'
import { readAlerts, submitAll } from '../../operations/alerts/receive-alertmanager.ts'
import type { KnownKey } from '../../people/environments/integration-key.ts'
import type { Platform } from '../../platform/context.ts'
import { Fault, toFault } from '../../platform/faults.ts'
import { declareRoute } from '../../platform/http/bind.ts'
import { count } from '../../platform/metrics.ts'
import { keyOfRequest } from '../key-of-request.ts'
import { LARGEST_BODY_BYTES, parseJson, takeRawBodies } from '../read-body.ts'

const endOf = (raw: unknown): number | null =>
  isObject(raw) && typeof raw['endsAt'] === 'string' ? parseInstant(raw['endsAt']) : null

/** Prometheus says no status and no fingerprint: an alert is over when its end has passed. An end in the future is a lease. */
const asWebhookSays = (raw: unknown, now: number): unknown => {
  if (!isObject(raw)) return raw
  const endsAt = endOf(raw)
  const labels = Object.entries(isObject(raw['labels']) ? raw['labels'] : {})
  const texts = labels.filter((pair): pair is [string, string] => typeof pair[1] === 'string')
  return {
    ...raw,
    status: endsAt !== null && endsAt > 0 && endsAt <= now ? 'resolved' : 'firing',
    ...(texts.length > 0 ? { fingerprint: labelFingerprint(Object.fromEntries(texts)) } : {}),
  }
}

const receive = async (platform: Platform, key: KnownKey, request: FastifyRequest): Promise<void> => {
  const parsed = parseJson(request.body)
  if ('fault' in parsed) throw new Fault('bad-request', parsed.fault)
  if (!Array.isArray(parsed.body)) throw new Fault('bad-request', 'The body is a list of alerts.')
  const receivedAt = platform.clock.now()
  const given = parsed.body.map((raw) => asWebhookSays(raw, receivedAt))
  const { alerts, refused } = readAlerts(given, receivedAt)
  const digest = createHash('sha256')
    .update(request.body as Buffer)
    .digest()
  if (alerts.length > 0) await submitAll(intakeOf(platform), key, alerts, { digest, receivedAt })
  const ends = new Map(given.map((raw) => [isObject(raw) ? raw['fingerprint'] : undefined, endOf(raw)]))
  const said = alerts.map((alert) => ({ alert, endsAt: ends.get(alert.fingerprint) ?? null }))
  await keepLeases(platform, key, said, receivedAt)
  count('fortnight_alerts_received_total', 'Alerts received and committed, repeats included.', alerts.length)
  // As Alertmanager: the good ones are taken, and the sender learns that some were not.
  if (refused.length > 0) throw new Fault('bad-request', refused.join('; '))
}

export const bindAlertmanagerApi = async (http: FastifyInstance, platform: Platform): Promise<void> => {
  await http.register(async (scope) => {
    takeRawBodies(scope)
    const keys = new WeakMap<FastifyRequest, KnownKey>()
    scope.setErrorHandler((error, _request, reply) => {
      const fault = toFault(error)
      // An error of Alertmanager's API is a JSON text.
      return reply.code(fault.status).type('application/json').send(JSON.stringify(fault.message))
    })
    const route = alertmanagerRoutes.postAlertmanagerAlerts
    declareRoute(http, 'postAlertmanagerAlerts', route)
    scope.route({
      method: route.method,
      url: route.path,
      bodyLimit: LARGEST_BODY_BYTES,
      onRequest: async (request) => {
        const key = await keyOfRequest(platform, request)
        if (!key) {
          count(
            'fortnight_intake_wrong_key_total',
            'Notifications with an unknown or revoked integration key.',
          )
          throw new Fault(
            'wrong-key',
            'Send the integration key of the environment as a Bearer token or as Basic password.',
          )
        }
        keys.set(request, key)
      },
      handler: async (request, reply) => {
        await receive(platform, keys.get(request) as KnownKey, request)
        return reply.header('cache-control', 'no-store').send({})
      },
    })
  })
}
