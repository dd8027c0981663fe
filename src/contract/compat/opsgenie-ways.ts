/** OpsGenie's reads about how a person is told: contacts and notification rules, each person's own. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { opsGenieError } from './opsgenie.ts'

const answer = <T extends z.ZodType>(data: T) => z.object({ data, took: z.number(), requestId: z.string() })

const method = z.enum(['email', 'sms', 'voice', 'mobile'])
/** `to` as its owner knows it again, never whole. */
const contact = z.object({
  id: z.string(),
  method,
  to: z.string(),
  status: z.object({ enabled: z.boolean() }),
})
export type OpsGenieContact = z.infer<typeof contact>

const times = { startHour: z.number(), startMin: z.number(), endHour: z.number(), endMin: z.number() }
const weekday = z.enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'])
const brief = z.object({
  id: z.string(),
  name: z.string(),
  actionType: z.literal('create-alert'),
  order: z.number().int(),
  enabled: z.boolean(),
})
const rule = brief.extend({
  criteria: z.union([
    z.object({ type: z.literal('match-all') }),
    z.object({
      type: z.literal('match-any-condition'),
      conditions: z.array(
        z.object({
          field: z.literal('priority'),
          operation: z.literal('equals'),
          not: z.boolean(),
          expectedValue: z.string(),
          order: z.number().int(),
        }),
      ),
    }),
  ]),
  timeRestriction: z
    .union([
      z.object({ type: z.literal('time-of-day'), restriction: z.object(times) }),
      z.object({
        type: z.literal('weekday-and-time-of-day'),
        restrictions: z.array(z.object({ startDay: weekday, endDay: weekday, ...times })),
      }),
    ])
    .optional(),
  steps: z.array(
    z.object({
      contact: z.object({ method, to: z.string() }),
      sendAfter: z.object({ timeAmount: z.number().int(), timeUnit: z.literal('minutes') }),
      enabled: z.boolean(),
    }),
  ),
})
export type OpsGenieNotificationRule = z.infer<typeof rule>

const own = <const Path extends string, Reply extends z.ZodType>(
  path: Path,
  summary: string,
  reply: Reply,
) => ({
  method: 'GET' as const,
  path,
  summary,
  permission: 'self.reach' as const,
  reply,
  dialect: { error: opsGenieError, statuses: [401, 403, 404, 422, 503] },
})
const identifier = z.object({ identifier: z.string() })

export const opsGenieWayRoutes = defineRoutes({
  listOpsGenieContacts: {
    ...own('/v2/users/:identifier/contacts', 'OpsGenie: where I am reached.', answer(z.array(contact))),
    params: identifier,
  },
  getOpsGenieContact: {
    ...own(
      '/v2/users/:identifier/contacts/:contact',
      'OpsGenie: one of the ways I am reached.',
      answer(contact),
    ),
    params: identifier.extend({ contact: z.string() }),
  },
  listOpsGenieNotificationRules: {
    ...own(
      '/v2/users/:identifier/notification-rules',
      'OpsGenie: how I want to be told.',
      answer(z.array(brief)),
    ),
    params: identifier,
  },
  getOpsGenieNotificationRule: {
    ...own(
      '/v2/users/:identifier/notification-rules/:rule',
      'OpsGenie: one rule of how I want to be told.',
      answer(rule),
    ),
    params: identifier.extend({ rule: z.string() }),
  },
})
