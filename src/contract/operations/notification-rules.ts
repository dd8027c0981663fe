/** How a person wants to be told: rules by occasion, priority and time of day, each with ordered steps; and quiet hours. */
import { z } from 'zod'
import { OCCASIONS } from '../../domain/operations/paging/notification-rules.ts'
import { defineRoutes } from '../route.ts'
import { id } from '../shapes.ts'
import { priority } from './alerts.ts'

/** `email` is the account's address, `web-push` every browser of the person, anything else a way they added. */
const methodRef = z.enum(['email', 'web-push']).or(id)
const time = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'hours and minutes, as 09:00')
const weekday = z.number().int().min(1).max(7)

/** `to` before `from` runs over midnight; the two alike mean the whole day. Wall times of the account's zone. */
export const hours = z.strictObject({ from: time, to: time })

export const ruleStep = z.strictObject({
  method: methodRef,
  afterMinutes: z
    .number()
    .int()
    .min(0)
    .max(24 * 60),
})

export const notificationRule = z.strictObject({
  occasions: z.array(z.enum(OCCASIONS)).min(1).max(OCCASIONS.length),
  /** None means all. */
  priorities: z.array(priority).max(5),
  /** 1 is Monday; a stretch over midnight belongs to the day on which it began. */
  hours: hours.extend({ weekdays: z.array(weekday).min(1).max(7) }).nullable(),
  steps: z.array(ruleStep).min(1).max(10),
})

export const notificationRules = z.strictObject({
  /** The first that fits decides; where none fits, every way at once. */
  rules: z.array(notificationRule).max(20),
  /** What is not P1 waits for their end. */
  quiet: hours.nullable(),
})
export type NotificationRulesReply = z.input<typeof notificationRules>

const plannedStep = z.object({ method: methodRef, channel: z.string(), afterMinutes: z.number() })

const standing = z.object({
  /** 0 until the first rules were kept; a change may say which version it means. */
  version: z.number().int(),
  ...notificationRules.shape,
  /** What a rule may name: ways that would work if they were used now. */
  ways: z.array(z.object({ method: methodRef, channel: z.string(), address: z.string().nullable() })),
  /** What would follow if a page of that priority came now. */
  now: z.array(z.object({ priority, steps: z.array(plannedStep) })),
})

export const notificationRuleRoutes = defineRoutes({
  getNotificationRules: {
    method: 'GET',
    path: '/api/me/notification-rules',
    summary: 'How I want to be told, and what would follow if a page came now',
    permission: 'self.reach',
    reply: standing,
  },
  replaceNotificationRules: {
    method: 'PUT',
    path: '/api/me/notification-rules',
    summary: 'Say how I want to be told; refused when `expects` is not the version that stands',
    permission: 'self.reach',
    body: notificationRules.extend({ expects: z.number().int().min(0).optional() }),
    reply: standing,
    errors: ['conflict'],
  },
})
