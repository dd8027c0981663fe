/** Who is on call, in OpsGenie's words: read by keys as far as it concerns their environment, and by people with a token of theirs. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { opsGenieOnCallRoutes } from '../../../../contract/compat/opsgenie-on-call.ts'
import { opsGenieWayRoutes } from '../../../../contract/compat/opsgenie-ways.ts'
import type { Route } from '../../../../contract/route.ts'
import { may } from '../../../../domain/people/permissions.ts'
import { day } from '../../../../domain/time/instant.ts'
import { actorOfToken, TOKEN_PREFIX } from '../../../people/accounts/authenticate.ts'
import type { Ctx, Platform } from '../../../platform/context.ts'
import { declareRoute } from '../../../platform/http/bind.ts'
import { replyFaults } from '../../../platform/http/check-reply.ts'
import { isRaw, type RawReply } from '../../../platform/http/raw-reply.ts'
import { ctxOfKey, keyOfRequest, secretIn } from '../../key-of-request.ts'
import { LARGEST_BODY_BYTES, parseJson } from '../../read-body.ts'
import { exchangeOf, OpsGenieFault, send } from '../answer.ts'
import { flat } from '../flat.ts'
import { instantAsked, type Asked } from './asked.ts'
import { getEscalation, listEscalations } from './escalations.ts'
import { createOverride, deleteOverride, getOverride, listOverrides, updateOverride } from './overrides.ts'
import {
  getNextOnCalls,
  getOnCalls,
  getRotation,
  getSchedule,
  listOnCalls,
  listRotations,
  listSchedules,
} from './schedules.ts'
import { sightOf, type Sight } from './sight.ts'
import { getTeam, listTeams } from './teams.ts'
import { getTimeline } from './timeline.ts'
import { getUser, listUsers } from './users.ts'
import { getContact, getNotificationRule, listContacts, listNotificationRules } from './ways.ts'

type Verb = (asked: Asked, sight: Sight) => Promise<Readonly<Record<string, unknown>> | RawReply>

const routes = { ...opsGenieOnCallRoutes, ...opsGenieWayRoutes }

const verbs: Readonly<Record<keyof typeof routes, Verb>> = {
  listOpsGenieSchedules: listSchedules,
  listOpsGenieOnCalls: listOnCalls,
  getOpsGenieSchedule: getSchedule,
  getOpsGenieTimeline: getTimeline,
  getOpsGenieOnCalls: getOnCalls,
  getOpsGenieNextOnCalls: getNextOnCalls,
  listOpsGenieRotations: listRotations,
  getOpsGenieRotation: getRotation,
  listOpsGenieOverrides: listOverrides,
  getOpsGenieOverride: getOverride,
  createOpsGenieOverride: createOverride,
  updateOpsGenieOverride: updateOverride,
  deleteOpsGenieOverride: deleteOverride,
  listOpsGenieEscalations: listEscalations,
  getOpsGenieEscalation: getEscalation,
  listOpsGenieUsers: listUsers,
  getOpsGenieUser: getUser,
  listOpsGenieTeams: listTeams,
  getOpsGenieTeam: getTeam,
  listOpsGenieContacts: listContacts,
  getOpsGenieContact: getContact,
  listOpsGenieNotificationRules: listNotificationRules,
  getOpsGenieNotificationRule: getNotificationRule,
}

const UNDER_TEST = process.env['NODE_TEST_CONTEXT'] !== undefined
/** A turn lasts a year at most: what ended earlier cannot be the beginning of one that goes on. */
const LOOK_BACK_MS = 53 * 7 * day
const askers = new WeakMap<FastifyRequest, Ctx>()

/** A personal token or an integration key in any of the forms; or whoever is signed in, as everywhere. */
const askerOf = async (platform: Platform, request: FastifyRequest): Promise<Ctx> => {
  const secret = secretIn(request.headers.authorization)
  if (secret?.startsWith(TOKEN_PREFIX)) {
    const base = { platform, requestId: request.id, log: platform.log, address: request.ip }
    return { ...base, actor: await actorOfToken(base, secret, 'api') }
  }
  const key = secret === undefined ? undefined : await keyOfRequest(platform, request)
  if (key) return ctxOfKey(platform, key, request)
  const ctx = secret === undefined ? await request.ctx() : undefined
  if (ctx === undefined || ctx.actor.kind === 'anonymous')
    throw new OpsGenieFault(
      401,
      'Could not authenticate: send a personal token, or the integration key of an environment, as "Authorization: GenieKey <key>".',
    )
  return ctx
}

const WRONG_KIND = 40_301

const requireAsker = async (platform: Platform, route: Route, request: FastifyRequest): Promise<void> => {
  exchangeOf(platform, request)
  const ctx = await askerOf(platform, request)
  if (route.permission !== 'public' && !may(ctx.actor, route.permission))
    throw new OpsGenieFault(
      403,
      ctx.actor.kind === 'integration'
        ? 'To perform this action, use a personal token of somebody who may: this is an integration key.'
        : `This needs the permission ${route.permission}, which your roles or your token do not give.`,
      { code: WRONG_KIND },
    )
  askers.set(request, ctx)
}

const askedOf = (ctx: Ctx, request: FastifyRequest): Asked => {
  const parsed = parseJson(request.body)
  const given = 'fault' in parsed ? undefined : parsed.body
  if ('fault' in parsed)
    throw new OpsGenieFault(422, 'Request body is not processable. Please check the errors.', {
      fields: { body: parsed.fault },
    })
  const isWords = typeof given === 'object' && given !== null && !Array.isArray(given)
  return {
    ctx,
    params: flat(request.params),
    query: flat(request.query),
    body: isWords ? (given as Asked['body']) : {},
  }
}

const answer = async (
  platform: Platform,
  route: Route,
  verb: Verb,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> => {
  const asked = askedOf(askers.get(request) as Ctx, request)
  const content = await verb(asked, await sightOf(asked.ctx, instantAsked(asked) - LOOK_BACK_MS))
  if (isRaw(content)) return content.raw(reply, request)
  const faults = UNDER_TEST ? replyFaults(route.reply, { ...content, took: 0, requestId: '' }) : []
  if (faults.length > 0)
    throw new Error(`the reply of ${route.method} ${route.path} breaks its contract: ${faults.join('; ')}`)
  return send(reply, exchangeOf(platform, request), route.status ?? 200, content)
}

/** @param scope takes bodies raw and answers faults in OpsGenie's shape */
export const bindOpsGenieOnCall = (
  http: FastifyInstance,
  scope: FastifyInstance,
  platform: Platform,
): void => {
  for (const [name, route] of Object.entries<Route>(routes)) {
    declareRoute(http, name, route)
    const verb = verbs[name as keyof typeof verbs]
    scope.route({
      method: route.method,
      url: route.path,
      bodyLimit: Math.min(LARGEST_BODY_BYTES, 1024 * 1024),
      onRequest: (request) => requireAsker(platform, route, request),
      handler: (request, reply) => answer(platform, route, verb, request, reply),
    })
  }
}
