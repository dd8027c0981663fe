/** What happens to alerts. Receipts are observations, sealed by window; what a person does to an alert is an act. */
import { z } from 'zod'
import type { Treatment } from '../../../domain/operations/alerts/policies/treat-alert.ts'
import { defineEvent } from '../../platform/events.ts'
import { bulkAct } from '../../../contract/operations/alerts.ts'
import { escalationTarget } from '../../../contract/operations/on-call.ts'
import { id, instant } from '../../../contract/shapes.ts'

const openedAlert = z.object({
  id,
  fingerprint: z.string(),
  priority: z.number().int(),
  groupKey: z.string(),
  name: z.string(),
  summary: z.string(),
  startsAt: instant,
  /** SHA-256 of the received bytes that opened it: an act this causes carries it. */
  digest: z.string(),
  /** How often it was said so far; once when absent. */
  count: z.number().int().optional(),
  /** What policies made of it (`Treatment`). Absent: whoever wants it reads it from the row. */
  treatment: z.custom<Treatment>().nullable().optional(),
})
export type OpenedAlert = z.infer<typeof openedAlert>

/** One a received batch that changed something. Its body stays in memory, for the chains: the rows say the same. */
export const alertsChanged = defineEvent('alerts.changed', {
  class: 'observation',
  area: 'alerts',
  body: z.object({ opened: z.array(openedAlert), closed: z.array(id) }),
})

export const alertAcknowledged = defineEvent('alert.acknowledged', {
  area: 'alerts',
  /** `by`: whom an integration key named; without it the actor took the alert. */
  body: z.object({ name: z.string(), by: id.optional() }),
})
/** Its source, or a person, said something else about it. `pagesNow`: it was not urgent before. `to`: what a person made of it. */
export const alertChanged = defineEvent('alert.changed', {
  area: 'alerts',
  body: z.object({
    name: z.string(),
    fields: z.array(z.string()),
    pagesNow: z.boolean(),
    to: z
      .object({
        message: z.string().optional(),
        description: z.string().optional(),
        priority: z.number().int().optional(),
      })
      .optional(),
  }),
})
/** In all of these `by` is the account that an integration key named; without it the actor did it. */
const named = { name: z.string(), by: id.optional() }
/** Nobody has it any more. */
export const alertUnacknowledged = defineEvent('alert.unacknowledged', {
  area: 'alerts',
  body: z.object(named),
})
export const alertAssigned = defineEvent('alert.assigned', {
  area: 'alerts',
  body: z.object({ ...named, owner: id.nullable() }),
})
export const alertSnoozed = defineEvent('alert.snoozed', {
  area: 'alerts',
  body: z.object({ ...named, until: instant }),
})
/** At its time, or because somebody woke it. */
export const alertSnoozeEnded = defineEvent('alert.snooze-ended', { area: 'alerts', body: z.object(named) })
/** `policy`: as it was asked for, by slug or id; null is the next step of the page that rings for it. */
export const alertEscalated = defineEvent('alert.escalated', {
  area: 'alerts',
  body: z.object({ ...named, policy: z.string().nullable() }),
})
export const alertResponderAdded = defineEvent('alert.responder-added', {
  area: 'alerts',
  body: z.object({ ...named, target: escalationTarget }),
})
export const alertTagged = defineEvent('alert.tagged', {
  area: 'alerts',
  body: z.object({ ...named, added: z.array(z.string()), removed: z.array(z.string()) }),
})
export const alertDetailsChanged = defineEvent('alert.details-changed', {
  area: 'alerts',
  body: z.object({ ...named, set: z.record(z.string(), z.string()), removed: z.array(z.string()) }),
})
/** `by` is a name in the words of the sender, not an account; '' when the actor wrote it. */
export const alertNoted = defineEvent('alert.noted', {
  area: 'alerts',
  body: z.object({ name: z.string(), note: z.string(), by: z.string() }),
})
/** With their page: its acknowledgement names who; this says which alerts it covered, the first of them by id. */
export const alertsAcknowledged = defineEvent('alerts.acknowledged', {
  area: 'alerts',
  body: z.object({ page: id, by: id, alertCount: z.number().int(), alertIds: z.array(id) }),
})
export const alertClosed = defineEvent('alert.closed', {
  area: 'alerts',
  body: z.object({ name: z.string(), reason: z.string() }),
})
/** One act on many alerts, wanted by somebody. What comes of it is said alert by alert. */
export const alertsBulkRequested = defineEvent('alerts.bulk-requested', {
  area: 'alerts',
  body: z.object({ act: bulkAct, alertCount: z.number().int() }),
})
const attached = { name: z.string(), fileName: z.string() }
export const alertAttached = defineEvent('alert.attached', {
  area: 'alerts',
  body: z.object({ ...attached, mediaType: z.string(), size: z.number().int() }),
})
export const alertAttachmentRead = defineEvent('alert.attachment-read', {
  area: 'alerts',
  body: z.object(attached),
})
export const alertAttachmentErased = defineEvent('alert.attachment-erased', {
  area: 'alerts',
  body: z.object({ ...attached, size: z.number().int() }),
})
/** A question that somebody keeps; with a slug it is everybody's. */
export const alertViewSaved = defineEvent('alert-view.saved', {
  area: 'alerts',
  body: z.object({ slug: z.string().nullable(), name: z.string(), query: z.string() }),
})
export const alertViewRemoved = defineEvent('alert-view.removed', {
  area: 'alerts',
  body: z.object({ slug: z.string().nullable(), name: z.string() }),
})
