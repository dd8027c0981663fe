/** What happens to pages: every promise and its outcome is an act. */
import { z } from 'zod'
import { escalationTarget } from '../../../contract/operations/on-call.ts'
import { id, instant } from '../../../contract/shapes.ts'
import { defineEvent } from '../../platform/events.ts'

const priority = z.number().int().min(1).max(5)
const step = z.object({ round: z.number().int(), step: z.number().int(), lastResort: z.boolean() })

export const pageRequested = defineEvent('page.requested', {
  area: 'pages',
  body: z.object({
    priority,
    title: z.string(),
    groupKey: z.string(),
    /** Id, name and definition of the policy as it was at this moment. */
    policy: z.unknown(),
    alertCount: z.number().int(),
    /** Digests of the received notifications that caused it. */
    causedBy: z.array(z.string()),
  }),
})

/** Somebody paged by hand: `policy` as it was asked for, by slug or id, or whom. Its alert has the stream's id. */
export const calledOut = defineEvent('call.made', {
  area: 'pages',
  body: z.object({
    alert: id,
    text: z.string(),
    priority,
    policy: z.string().nullable(),
    target: escalationTarget.nullable(),
  }),
})

export const pageAlertsJoined = defineEvent('page.alerts-joined', {
  area: 'pages',
  body: z.object({ alertCount: z.number().int(), alertIds: z.array(id), causedBy: z.array(z.string()) }),
})

export const pageStepBegan = defineEvent('page.step-began', {
  area: 'pages',
  body: z.object({
    step,
    recipients: z.array(id),
    nobodyOnCall: z.boolean(),
    /** Somebody was meant, but nothing away from a screen would have told them: the fallback was told beside them. */
    nobodyReached: z.boolean(),
    nextStepAt: instant.nullable(),
  }),
})

export const pageIntended = defineEvent('page.intended', {
  area: 'pages',
  body: z.object({
    intentId: id,
    account: id,
    channel: z.string(),
    step,
    /** Which way of the person's, where they added it themselves. */
    method: id.nullable(),
    dueAt: instant,
  }),
})

/** The end of an intent: sent (accepted by the next server), failed, or cancelled because somebody had the page. */
export const pageIntentEnded = defineEvent('page.intent-ended', {
  area: 'pages',
  body: z.object({
    intentId: id,
    channel: z.string(),
    outcome: z.enum(['sent', 'failed', 'cancelled']),
    detail: z.string(),
    attempt: z.number().int(),
    /** The message of several pages that carried it. */
    bundle: id.optional(),
  }),
})

/** What the carrier said later of a message it had accepted. */
export const pageDeliveryReported = defineEvent('page.delivery-reported', {
  area: 'pages',
  body: z.object({
    intentId: id,
    channel: z.string(),
    delivery: z.enum(['delivered', 'failed', 'unknown']),
    detail: z.string(),
  }),
})

/** No further step begins, although nobody has acknowledged: somebody said so when a restored installation was released. */
export const pageEscalationCalledOff = defineEvent('page.escalation-called-off', {
  area: 'pages',
  body: z.object({ reason: z.string(), stepAt: instant }),
})

/** Somebody wanted the next step at once. The step that follows says who was told. */
export const pageEscalated = defineEvent('page.escalated', {
  area: 'pages',
  body: z.object({ alert: id }),
})

export const pageAcknowledged = defineEvent('page.acknowledged', {
  area: 'pages',
  /** alertCount: how many alerts this acknowledgement covers; whatever opens later pages anew. */
  body: z.object({
    by: id,
    afterMs: z.number().int(),
    alertCount: z.number().int(),
    /** Taken by a message of several pages: which, and the alerts of this page that it listed. No others are covered. */
    bundle: z.object({ id, alertIds: z.array(id) }).optional(),
  }),
})
export const pageResolved = defineEvent('page.resolved', {
  area: 'pages',
  body: z.object({ reason: z.string() }),
})

export const notificationRulesChanged = defineEvent('notification-rules.changed', {
  area: 'self',
  body: z.object({ account: id, version: z.number().int(), definition: z.unknown() }),
})

export const pushSubscribed = defineEvent('push-subscription.added', {
  area: 'self',
  body: z.object({ account: id, service: z.string() }),
})
export const pushUnsubscribed = defineEvent('push-subscription.removed', {
  area: 'self',
  body: z.object({ account: id, reason: z.string() }),
})
