/** OpsGenie's REST API v2 on its own addresses: unmodified clients keep working when their URL names this host. */
import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { opsGenieRoutes } from '../../../contract/compat/opsgenie.ts'
import { opsGenieHeartbeatRoutes } from '../../../contract/compat/opsgenie-heartbeats.ts'
import type { Route } from '../../../contract/route.ts'
import { intakeOf } from '../../operations/alerts/intake.ts'
import type { KnownKey } from '../../people/environments/integration-key.ts'
import type { Platform } from '../../platform/context.ts'
import { declareRoute } from '../../platform/http/bind.ts'
import { replyFaults } from '../../platform/http/check-reply.ts'
import { count } from '../../platform/metrics.ts'
import { ctxOfKey, keyOfRequest } from '../key-of-request.ts'
import { LARGEST_BODY_BYTES, parseJson, takeRawBodies } from '../read-body.ts'
import { exchangeOf, OpsGenieFault, send, sendFault } from './answer.ts'
import type { Call } from './call.ts'
import {
  addDetails,
  addNote,
  addTags,
  putDescription,
  putMessage,
  putPriority,
  removeDetails,
  removeTags,
} from './change-alert-words.ts'
import { createAlert } from './create-alert.ts'
import { bindOpsGenieOnCall } from './on-call/index.ts'
import { acknowledgeFromSource, closeFromSource, deleteFromSource } from './end-alert.ts'
import { flat } from './flat.ts'
import {
  createHeartbeat,
  deleteHeartbeat,
  disableHeartbeat,
  enableHeartbeat,
  getHeartbeat,
  listHeartbeats,
  ping,
  updateHeartbeat,
} from './heartbeats.ts'
import { countAlerts, getAlert, getRequest, listAlerts } from './read-alerts.ts'
import { listLogs, listNotes, listRecipients } from './read-history.ts'
import {
  addResponderToAlert,
  addTeam,
  assign,
  escalate,
  executeAction,
  removeResponder,
  snooze,
  unacknowledge,
} from './work-alert.ts'

/** Nothing for what OpsGenie answers "will be processed": it is done by then, and the request says what came of it. */
type Verb = (call: Call) => Promise<Readonly<Record<string, unknown>> | void>

const routes = { ...opsGenieRoutes, ...opsGenieHeartbeatRoutes }

const verbs: Readonly<Record<keyof typeof routes, Verb>> = {
  createOpsGenieAlert: createAlert,
  getOpsGenieRequest: getRequest,
  listOpsGenieAlerts: listAlerts,
  countOpsGenieAlerts: countAlerts,
  getOpsGenieAlert: getAlert,
  listOpsGenieNotes: listNotes,
  closeOpsGenieAlert: closeFromSource,
  acknowledgeOpsGenieAlert: acknowledgeFromSource,
  putOpsGenieMessage: putMessage,
  putOpsGenieDescription: putDescription,
  putOpsGeniePriority: putPriority,
  addOpsGenieNote: addNote,
  addOpsGenieTags: addTags,
  removeOpsGenieTags: removeTags,
  addOpsGenieDetails: addDetails,
  removeOpsGenieDetails: removeDetails,
  listOpsGenieLogs: listLogs,
  listOpsGenieRecipients: listRecipients,
  unacknowledgeOpsGenieAlert: unacknowledge,
  snoozeOpsGenieAlert: snooze,
  assignOpsGenieAlert: assign,
  escalateOpsGenieAlert: escalate,
  addOpsGenieResponder: addResponderToAlert,
  removeOpsGenieResponder: removeResponder,
  addOpsGenieTeam: addTeam,
  executeOpsGenieAction: executeAction,
  deleteOpsGenieAlert: deleteFromSource,
  createOpsGenieHeartbeat: createHeartbeat,
  listOpsGenieHeartbeats: listHeartbeats,
  getOpsGenieHeartbeat: getHeartbeat,
  updateOpsGenieHeartbeat: updateHeartbeat,
  deleteOpsGenieHeartbeat: deleteHeartbeat,
  enableOpsGenieHeartbeat: enableHeartbeat,
  disableOpsGenieHeartbeat: disableHeartbeat,
  pingOpsGenieHeartbeatByGet: ping,
  pingOpsGenieHeartbeatByPost: ping,
  pingOpsGenieHeartbeatByPut: ping,
  pingOpsGenieHeartbeatByPatch: ping,
}

const UNDER_TEST = process.env['NODE_TEST_CONTEXT'] !== undefined
const keys = new WeakMap<FastifyRequest, KnownKey>()

/** Before the body is read: whoever has no key is not listened to for 32 MB. */
const requireKey = async (platform: Platform, request: FastifyRequest): Promise<void> => {
  exchangeOf(platform, request)
  const key = await keyOfRequest(platform, request)
  if (!key) {
    count('fortnight_intake_wrong_key_total', 'Notifications with an unknown or revoked integration key.')
    throw new OpsGenieFault(
      401,
      'Could not authenticate: send the integration key of the environment as "Authorization: GenieKey <key>". It may have been revoked.',
    )
  }
  keys.set(request, key)
}

const callOf = (platform: Platform, route: Route, request: FastifyRequest): Call => {
  const key = keys.get(request) as KnownKey
  // Whatever a ping carries, it is a ping.
  const isPing = route.path.endsWith('/ping')
  const parsed = isPing ? { body: {} } : parseJson(request.body)
  if ('fault' in parsed)
    throw new OpsGenieFault(422, 'Request body is not processable. Please check the errors.', {
      fields: { body: parsed.fault },
    })
  const { body } = parsed
  const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  return {
    ctx: ctxOfKey(platform, key, request),
    key,
    intake: intakeOf(platform),
    exchange: exchangeOf(platform, request),
    params: flat(request.params),
    query: flat(request.query),
    body: typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Call['body']) : {},
    digest: createHash('sha256').update(bytes).digest(),
    path: request.url.split('?')[0] ?? '',
  }
}

const answer = async (
  platform: Platform,
  route: Route,
  verb: Verb,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> => {
  const call = callOf(platform, route, request)
  const content = (await verb(call)) ?? { result: 'Request will be processed' }
  const faults = UNDER_TEST ? replyFaults(route.reply, { ...content, took: 0, requestId: '' }) : []
  if (faults.length > 0)
    throw new Error(`the reply of ${route.method} ${route.path} breaks its contract: ${faults.join('; ')}`)
  return send(reply, call.exchange, route.status ?? 200, content)
}

/** Whatever else OpsGenie offers: said plainly, in its own shape, instead of an answer that pretends. */
const answerNotOffered = (platform: Platform, scope: FastifyInstance): void => {
  scope.route({
    method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    url: '/v2/*',
    // Said before a body is read.
    onRequest: async (request) => {
      exchangeOf(platform, request)
      throw new OpsGenieFault(
        404,
        `Fortnight does not offer ${request.method} ${(request.url.split('?')[0] ?? '').slice(0, 200)}. Nothing was changed.`,
      )
    },
    handler: (_request, reply) => reply,
  })
}

export const bindOpsGenie = async (http: FastifyInstance, platform: Platform): Promise<void> => {
  await http.register(async (scope) => {
    takeRawBodies(scope)
    scope.setErrorHandler((error, request, reply) =>
      sendFault(platform, reply, exchangeOf(platform, request), error),
    )
    for (const [name, route] of Object.entries<Route>(routes)) {
      declareRoute(http, name, route)
      const verb = verbs[name as keyof typeof verbs]
      scope.route({
        method: route.method,
        url: route.path,
        bodyLimit: LARGEST_BODY_BYTES,
        onRequest: (request) => requireKey(platform, request),
        handler: (request, reply) => answer(platform, route, verb, request, reply),
      })
    }
    bindOpsGenieOnCall(http, scope, platform)
    answerNotOffered(platform, scope)
  })
}
