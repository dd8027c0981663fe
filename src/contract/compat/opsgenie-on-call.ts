/** OpsGenie's reads about who is on call, and its overrides: with a personal token all of it, with a key what concerns its environment. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { opsGenieError } from './opsgenie.ts'

const took = z.number()
const requestId = z.string()
const isoInstant = z.string()
const answer = <T extends z.ZodType>(data: T) => z.object({ data, took, requestId })
const expandable = <T extends z.ZodType>(data: T) => answer(data).extend({ expandable: z.array(z.string()) })

const recipient = z.object({
  type: z.enum(['user', 'team', 'schedule', 'none']),
  id: z.string().optional(),
  name: z.string().optional(),
  username: z.string().optional(),
})
export type OpsGenieRecipient = z.infer<typeof recipient>

const times = { startHour: z.number(), startMin: z.number(), endHour: z.number(), endMin: z.number() }
const weekday = z.enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'])
const rotation = z.object({
  id: z.string(),
  name: z.string(),
  startDate: isoInstant,
  /** `monthly` is ours: OpsGenie has none. */
  type: z.enum(['hourly', 'daily', 'weekly', 'monthly']),
  length: z.number().int(),
  participants: z.array(recipient),
  timeRestriction: z
    .union([
      z.object({ type: z.literal('time-of-day'), restriction: z.object(times) }),
      z.object({
        type: z.literal('weekday-and-time-of-day'),
        restrictions: z.array(z.object({ startDay: weekday, endDay: weekday, ...times })),
      }),
    ])
    .optional(),
})
export type OpsGenieRotation = z.infer<typeof rotation>

const scheduleMeta = z.object({ id: z.string(), name: z.string(), enabled: z.boolean() })
const schedule = scheduleMeta.extend({
  description: z.string(),
  timezone: z.string(),
  rotations: z.array(rotation),
})
export type OpsGenieSchedule = z.infer<typeof schedule>

const person = z.object({ id: z.string(), name: z.string(), type: z.literal('user') })
const onCall = z.object({
  _parent: scheduleMeta,
  onCallParticipants: z.array(person).optional(),
  onCallRecipients: z.array(z.string()).optional(),
})
const nextOnCall = z.object({
  _parent: scheduleMeta,
  nextOnCallRecipients: z.array(person).optional(),
  exactNextOnCallRecipients: z.array(person).optional(),
  nextOnCallParticipants: z.array(z.string()).optional(),
  exactNextOnCallParticipants: z.array(z.string()).optional(),
})

const timeline = z.object({
  rotations: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      order: z.number(),
      periods: z.array(
        z.object({ startDate: isoInstant, endDate: isoInstant, type: z.string(), recipient: person }),
      ),
    }),
  ),
})

const override = z.object({
  _parent: scheduleMeta,
  alias: z.string(),
  user: recipient,
  startDate: isoInstant,
  endDate: isoInstant,
  rotations: z.array(z.object({ id: z.string(), name: z.string() })),
})
export type OpsGenieOverride = z.infer<typeof override>
const written = z.object({
  alias: z.string().optional(),
  user: recipient,
  startDate: isoInstant,
  endDate: isoInstant,
  rotations: z.array(z.object({ id: z.string().optional(), name: z.string().optional() })).optional(),
})
const done = z.object({ result: z.string(), data: z.object({ alias: z.string() }), took, requestId })

const escalation = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  rules: z.array(
    z.object({
      condition: z.enum(['if-not-acked', 'if-not-closed']),
      notifyType: z.enum(['default', 'all', 'next', 'previous', 'admins']),
      delay: z.object({ timeAmount: z.number().int(), timeUnit: z.literal('minutes') }),
      recipient,
    }),
  ),
  repeat: z.object({
    waitInterval: z.number().int(),
    count: z.number().int(),
    resetRecipientStates: z.boolean(),
    closeAlertAfterAll: z.boolean(),
  }),
})
export type OpsGenieEscalation = z.infer<typeof escalation>

const user = z.object({
  id: z.string(),
  username: z.string(),
  fullName: z.string(),
  role: z.object({ id: z.string(), name: z.string() }),
  timeZone: z.string(),
  locale: z.string(),
  blocked: z.boolean(),
  verified: z.boolean(),
  createdAt: isoInstant,
})
export type OpsGenieUser = z.infer<typeof user>

const team = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  members: z
    .array(
      z.object({ user: z.object({ id: z.string(), username: z.string() }), role: z.enum(['admin', 'user']) }),
    )
    .optional(),
})
export type OpsGenieTeam = z.infer<typeof team>

const errors = (...statuses: number[]) => ({
  error: opsGenieError,
  statuses: [401, 403, 422, 503, ...statuses].sort(),
})
const identifier = z.object({ identifier: z.string() })
const identifierType = z.object({ identifierType: z.enum(['id', 'name']).optional() })
const scheduleIdentifierType = z.object({ scheduleIdentifierType: z.enum(['id', 'name']).optional() })
const asOf = scheduleIdentifierType.extend({
  flat: z.enum(['true', 'false']).optional(),
  date: isoInstant.optional(),
})

const reading = <const Path extends string, Reply extends z.ZodType>(
  path: Path,
  summary: string,
  reply: Reply,
) => ({
  method: 'GET' as const,
  path,
  summary,
  permission: 'on-call.follow' as const,
  reply,
  dialect: errors(404),
})
const named = { params: identifier }

const changing = {
  params: identifier.extend({ alias: z.string() }),
  query: scheduleIdentifierType,
  permission: 'on-call.override' as const,
  dialect: errors(404, 409),
}

export const opsGenieOnCallRoutes = defineRoutes({
  listOpsGenieSchedules: {
    ...reading('/v2/schedules', 'OpsGenie: schedules.', expandable(z.array(schedule))),
    query: z.object({ expand: z.string().optional() }),
  },
  listOpsGenieOnCalls: {
    ...reading('/v2/schedules/on-calls', 'OpsGenie: who is on call, by schedule.', answer(z.array(onCall))),
    query: asOf,
  },
  getOpsGenieSchedule: {
    ...reading(
      '/v2/schedules/:identifier',
      'OpsGenie: one schedule; with `.ics` behind it, as a calendar.',
      answer(schedule),
    ),
    ...named,
    query: identifierType,
  },
  getOpsGenieTimeline: {
    ...reading(
      '/v2/schedules/:identifier/timeline',
      'OpsGenie: who is on call over a while.',
      expandable(
        z.object({
          _parent: scheduleMeta,
          startDate: isoInstant,
          endDate: isoInstant,
          finalTimeline: timeline,
          baseTimeline: timeline.optional(),
          overrideTimeline: timeline.optional(),
          forwardingTimeline: timeline.optional(),
        }),
      ),
    ),
    ...named,
    query: identifierType.extend({
      interval: z.coerce.number().int().min(1).optional(),
      intervalUnit: z.enum(['days', 'weeks', 'months']).optional(),
      date: isoInstant.optional(),
      expand: z.string().optional(),
    }),
  },
  getOpsGenieOnCalls: {
    ...reading('/v2/schedules/:identifier/on-calls', 'OpsGenie: who is on call.', answer(onCall)),
    ...named,
    query: asOf,
  },
  getOpsGenieNextOnCalls: {
    ...reading('/v2/schedules/:identifier/next-on-calls', 'OpsGenie: who is next.', answer(nextOnCall)),
    ...named,
    query: asOf,
  },
  listOpsGenieRotations: {
    ...reading(
      '/v2/schedules/:identifier/rotations',
      'OpsGenie: the rotations of a schedule.',
      answer(z.array(rotation)),
    ),
    ...named,
    query: scheduleIdentifierType,
  },
  getOpsGenieRotation: {
    ...reading(
      '/v2/schedules/:identifier/rotations/:rotation',
      'OpsGenie: one rotation.',
      answer(rotation.extend({ _parent: scheduleMeta })),
    ),
    params: identifier.extend({ rotation: z.string() }),
    query: scheduleIdentifierType,
  },
  listOpsGenieOverrides: {
    ...reading(
      '/v2/schedules/:identifier/overrides',
      'OpsGenie: overrides that are not over.',
      answer(z.array(override)),
    ),
    ...named,
    query: scheduleIdentifierType,
  },
  getOpsGenieOverride: {
    ...reading('/v2/schedules/:identifier/overrides/:alias', 'OpsGenie: one override.', answer(override)),
    params: identifier.extend({ alias: z.string() }),
    query: scheduleIdentifierType,
  },
  createOpsGenieOverride: {
    ...changing,
    method: 'POST',
    path: '/v2/schedules/:identifier/overrides',
    summary: 'OpsGenie: somebody, or nobody, is on call for a while; with a personal token.',
    params: identifier,
    body: written,
    reply: done,
    status: 201,
  },
  updateOpsGenieOverride: {
    ...changing,
    method: 'PUT',
    path: '/v2/schedules/:identifier/overrides/:alias',
    summary: 'OpsGenie: another override in the place of this one.',
    body: written,
    reply: done,
  },
  deleteOpsGenieOverride: {
    ...changing,
    method: 'DELETE',
    path: '/v2/schedules/:identifier/overrides/:alias',
    summary: 'OpsGenie: the rotations count again.',
    body: z.object({}),
    reply: z.object({ result: z.string(), took, requestId }),
  },
  listOpsGenieEscalations: reading(
    '/v2/escalations',
    'OpsGenie: escalation policies.',
    answer(z.array(escalation)),
  ),
  getOpsGenieEscalation: {
    ...reading('/v2/escalations/:identifier', 'OpsGenie: one escalation policy.', answer(escalation)),
    ...named,
    query: identifierType,
  },
  listOpsGenieUsers: {
    ...reading(
      '/v2/users',
      'OpsGenie: the staff.',
      answer(z.array(user)).extend({
        totalCount: z.number().int(),
        paging: z.object({
          first: z.string(),
          prev: z.string().optional(),
          next: z.string().optional(),
          last: z.string(),
        }),
      }),
    ),
    query: z.object({
      limit: z.coerce.number().int().optional(),
      offset: z.coerce.number().int().optional(),
    }),
  },
  getOpsGenieUser: {
    ...reading('/v2/users/:identifier', 'OpsGenie: one of the staff.', expandable(user)),
    ...named,
  },
  listOpsGenieTeams: {
    ...reading('/v2/teams', 'OpsGenie: teams.', expandable(z.array(team))),
    query: z.object({ expand: z.string().optional() }),
  },
  getOpsGenieTeam: {
    ...reading('/v2/teams/:identifier', 'OpsGenie: one team.', answer(team)),
    ...named,
    query: identifierType,
  },
})
