/** POST /integrations/alertmanager: lenient towards what Alertmanagers send, strict about what is stored. 2xx only after commit. */
import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { defineRoutes } from '../../../contract/route.ts'
import {
  alertFromAlertmanager,
  type AlertFromSource,
} from '../../../domain/operations/alerts/alert-from-alertmanager.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import { integrationOf, type KnownKey } from '../../people/environments/integration-key.ts'
import type { Platform } from '../../platform/context.ts'
import { Fault } from '../../platform/faults.ts'
import { declareRoute, mayBeLarge } from '../../platform/http/bind.ts'
import { count } from '../../platform/metrics.ts'
import type { Intake } from './intake.ts'

/** Alertmanager sends everything that fires in one body when `max_alerts` is 0: some hundred thousand alerts. */
const LARGEST_BODY_BYTES = 32 * 1024 * 1024
/** More than this is committed in several transactions: one of a hundred thousand would hold up every other sender. */
const MOST_ALERTS_AT_ONCE = 2_000

const accepted = z.object({ accepted: z.number().int(), refused: z.array(z.string()) })

export const intakeRoutes = defineRoutes({
  receiveAlertmanager: {
    method: 'POST',
    path: '/integrations/alertmanager',
    summary:
      'Alertmanager webhook (version 4). The integration key as Bearer token or as the password of Basic authentication.',
    permission: 'alerts.send',
    reply: accepted,
    errors: ['wrong-key', 'bad-request'],
    bodyLimit: LARGEST_BODY_BYTES,
  },
  receiveAlertmanagerByPath: {
    method: 'POST',
    path: '/integrations/alertmanager/:key',
    summary: 'The same with the integration key in the path, for senders that cannot send headers.',
    permission: 'alerts.send',
    params: z.object({ key: z.string() }),
    reply: accepted,
    errors: ['wrong-key', 'bad-request'],
    bodyLimit: LARGEST_BODY_BYTES,
  },
})

/** Bearer, Basic (as password, or as user with an empty password), or a path segment. */
const keyOf = (request: FastifyRequest): string | undefined => {
  const inPath = (request.params as { key?: string }).key
  if (inPath) return inPath
  const [scheme = '', value = ''] = (request.headers.authorization ?? '').trim().split(/\s+/, 2)
  if (/^bearer$/i.test(scheme)) return value
  if (!/^basic$/i.test(scheme)) return undefined
  const [user = '', ...password] = Buffer.from(value, 'base64').toString('utf8').split(':')
  return password.join(':') || user
}

const parseBody = (body: unknown): unknown[] => {
  if (!Buffer.isBuffer(body)) throw new Fault('bad-request', 'Send the webhook body as application/json.')
  let parsed: unknown
  try {
    parsed = JSON.parse(body.toString('utf8'))
  } catch (error) {
    throw new Fault(
      'bad-request',
      `The body is not valid JSON: ${(error as Error).message.slice(0, 120)}. Nothing was stored.`,
    )
  }
  const alerts = (parsed as { alerts?: unknown } | null)?.alerts
  if (!Array.isArray(alerts))
    throw new Fault(
      'bad-request',
      'An Alertmanager webhook (version 4) has a list named alerts. Nothing was stored.',
    )
  return alerts
}

/** Alerts that make no sense are named and left out; the others of the same request still count. */
export const readAlerts = (
  given: readonly unknown[],
  now: number,
): { alerts: AlertFromSource[]; refused: string[] } => {
  const alerts: AlertFromSource[] = []
  const refused: string[] = []
  given.forEach((raw, index) => {
    const alert = alertFromAlertmanager(raw, now)
    if (isRefusal(alert)) refused.push(`alerts[${index}]: ${alert.detail}`)
    else alerts.push(alert)
  })
  return { alerts, refused: refused.slice(0, 100) }
}

/** Each part is committed before the next; a failure in between is answered 503, and what is sent again is known already. */
export const submitAll = async (
  intake: Intake,
  key: KnownKey,
  alerts: readonly AlertFromSource[],
  about: { readonly digest: Buffer; readonly receivedAt: number },
): Promise<void> => {
  for (let from = 0; from === 0 || from < alerts.length; from += MOST_ALERTS_AT_ONCE)
    await intake.submit(key, { ...about, alerts: alerts.slice(from, from + MOST_ALERTS_AT_ONCE) })
}

/** @throws Fault wrong-key */
const keyOrFault = async (platform: Platform, request: FastifyRequest): Promise<KnownKey> => {
  const secret = keyOf(request)
  const key = secret ? await integrationOf(platform, secret, request.ip) : undefined
  if (key) return key
  count('fortnight_intake_wrong_key_total', 'Notifications with an unknown or revoked integration key.')
  throw new Fault(
    'wrong-key',
    'Send the integration key of the environment as a Bearer token, as Basic password, or in the path. It may have been revoked.',
  )
}

const receive = async (platform: Platform, intake: Intake, request: FastifyRequest) => {
  const key = await keyOrFault(platform, request)
  const receivedAt = platform.clock.now()
  const { alerts, refused } = readAlerts(parseBody(request.body), receivedAt)
  if (alerts.length === 0 && refused.length > 0)
    throw new Fault('bad-request', `No alert of this request could be used. ${refused[0]}`)
  const digest = createHash('sha256')
    .update(request.body as Buffer)
    .digest()
  await submitAll(intake, key, alerts, { digest, receivedAt })
  count('fortnight_alerts_received_total', 'Alerts received and committed, repeats included.', alerts.length)
  return { accepted: alerts.length, refused }
}

/** Alertmanager drops what is answered 413 and sends again what is answered 503: never the first (ARCHITECTURE.md). */
const neverTooLarge = (error: unknown): unknown =>
  (error as { code?: string }).code === 'FST_ERR_CTP_BODY_TOO_LARGE'
    ? new Fault(
        'unavailable',
        'The body is larger than 32 MB and nothing of it was stored. Set max_alerts in the receiver to send less at a time.',
      )
    : error

export const bindAlertmanager = async (
  http: FastifyInstance,
  platform: Platform,
  intake: Intake,
): Promise<void> => {
  await http.register(async (scope) => {
    // The raw bytes are wanted for the digest, and every content type is taken for JSON: some senders name none.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: LARGEST_BODY_BYTES },
      (_request, body, done) => done(null, body),
    )
    scope.setErrorHandler((error) => {
      throw neverTooLarge(error)
    })
    for (const [name, route] of Object.entries(intakeRoutes)) {
      declareRoute(http, name, route)
      const limits = {
        bodyLimit: LARGEST_BODY_BYTES,
        // 32 MB are read only for who holds a key.
        onRequest: async (request: FastifyRequest): Promise<void> => {
          if (mayBeLarge(request)) await keyOrFault(platform, request)
        },
      }
      scope.post(route.path, limits, async (request, reply) =>
        reply.send(await receive(platform, intake, request)),
      )
    }
  })
}
