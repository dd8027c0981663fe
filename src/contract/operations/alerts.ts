/** Alerts as clients see them: list, one, and everything that people do to one. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { done, environmentRef, id, instant, line, pageOf, paging, personRef, prose, slug } from '../shapes.ts'
import { alertRuleRow } from './alert-rules.ts'
import { escalationTarget } from './on-call.ts'

export const priority = z.enum(['P1', 'P2', 'P3', 'P4', 'P5'])
export const alertStatus = z.enum(['open', 'acknowledged', 'closed'])

export const alertRow = z.object({
  id,
  environment: environmentRef,
  status: alertStatus,
  priority,
  severity: z.string(),
  name: z.string(),
  summary: z.string(),
  groupKey: z.string(),
  startsAt: instant,
  openedAt: instant,
  lastSeenAt: instant,
  count: z.number().int(),
  acknowledgedAt: instant.nullable(),
  acknowledgedBy: personRef.nullable(),
  closedAt: instant.nullable(),
  /** Whose it is; who has it at this moment is `acknowledgedBy`. */
  owner: personRef.nullable(),
  /** It sleeps until then, and comes back as open. */
  snoozedUntil: instant.nullable(),
  tags: z.array(z.string()),
  /** Its labels of these names; null where it has none. */
  group: z.string().nullable(),
  cluster: z.string().nullable(),
})
export type AlertReply = z.infer<typeof alertRow>

export const alertDetail = alertRow.extend({
  fingerprint: z.string(),
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  generatorUrl: z.string().nullable(),
  /** What the alert itself says, else what its rule does. */
  runbookUrl: z.string().nullable(),
  /** The rule it came from, where a set of rules that was imported for its environment knows it. */
  rule: alertRuleRow.nullable(),
  /** What had to be bent to store this alert, in sentences. */
  leniencies: z.array(z.string()),
  closedBy: z.enum(['source', 'person', 'policy']).nullable(),
  /** Alert policies that took part, in their order, and what it was before they did. */
  policies: z.array(z.object({ id: z.string(), name: z.string(), did: z.string() })),
  sent: z.object({ message: z.string(), priority }).nullable(),
  pages: z.array(
    z.object({ id, status: z.enum(['open', 'acknowledged', 'resolved']), requestedAt: instant }),
  ),
  incidents: z.array(z.object({ id, number: z.string(), title: z.string() })),
  attachments: z.array(
    z.object({
      id,
      fileName: z.string(),
      mediaType: z.string(),
      size: z.number().int(),
      at: instant,
      by: personRef,
    }),
  ),
  /** The maintenance window that keeps it from paging at this moment. */
  suppression: z
    .object({ windowId: id, decision: z.object({ id, number: z.string() }), until: instant })
    .nullable(),
  /** `kind` is one of `ALERT_HAPPENINGS`, or the type of an event that a newer server knows; what it is called is the reader's matter. */
  activity: z.array(
    z.object({
      at: instant,
      kind: z.string(),
      by: personRef.nullable(),
      /** Whom it concerns: to whom it was assigned, who was called in. */
      whom: personRef.nullable(),
      /** Until when it sleeps. */
      until: instant.nullable(),
      detail: z.string().nullable(),
    }),
  ),
  /** `change`: assign, note, tags, details, words. */
  can: z.object({
    acknowledge: z.boolean(),
    unacknowledge: z.boolean(),
    snooze: z.boolean(),
    escalate: z.boolean(),
    change: z.boolean(),
    note: z.boolean(),
    close: z.boolean(),
    openIncident: z.boolean(),
    readAttachments: z.boolean(),
  }),
})

export const ALERT_HAPPENINGS = [
  'opened',
  'paged',
  // A routing rule decided so: until its environment is served, or for good.
  'waits',
  'only-listed',
  // A maintenance window keeps it quiet, under a decision.
  'suppressed',
  // An alert policy keeps it from paging: for good, for a time, or until it was said often enough.
  'kept-by-policy',
  'delayed-until',
  'delayed-until-said',
  // It fired and ended several times in a short time: it pages when it stays.
  'flaps',
  'closed-by-policy',
  'page-acknowledged',
  'acknowledged',
  'acknowledged-with-page',
  'closed-by-hand',
  // An integration key named the person.
  'acknowledged-through-key',
  'changed-by-source',
  'changed',
  'unacknowledged',
  'assigned',
  'unassigned',
  'snoozed',
  'snooze-ended',
  'escalated',
  'page-escalated',
  'responder-added',
  'tagged',
  'details-changed',
  'noted',
  'incident-opened',
  'merged',
  'taken-out',
  'attached',
  'attachment-read',
  'attachment-erased',
  'resolved-by-source',
] as const
export type AlertHappening = (typeof ALERT_HAPPENINGS)[number]

const byId = z.object({ alertId: id })

/** Commas part tags where they are written in one line. */
const tag = line(50).regex(/^[^,]*$/, 'without a comma')
const tags = z.array(tag).max(20)
const detailName = line(1_024)
const workErrors = ['not-found', 'conflict'] as const

export const bulkAct = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('acknowledge') }),
  z.object({ kind: z.literal('close'), reason: z.string().trim().min(1).max(500) }),
  z.object({ kind: z.literal('snooze'), until: instant }),
  z.object({ kind: z.literal('assign'), owner: id.nullable() }),
  z.object({ kind: z.literal('tag'), add: tags, remove: tags }),
])
export type BulkAct = z.infer<typeof bulkAct>

/** Those that were chosen, or all that a question finds (as the list asks it; `not-closed` when no status is said). */
const which = z.union([
  z.object({ ids: z.array(id).min(1).max(10_000) }),
  z.object({
    query: z.string().max(1_000),
    status: z.enum(['open', 'acknowledged', 'closed', 'not-closed']).optional(),
    environment: slug.optional(),
    priority: priority.optional(),
  }),
])

/** `passedOver`: closed already, in somebody else's hands, or gone. */
export const bulkReply = z.object({
  id,
  matched: z.number().int(),
  changed: z.number().int(),
  passedOver: z.number().int(),
  finished: z.boolean(),
})
export type BulkReply = z.infer<typeof bulkReply>

/** What narrows the list. */
const listed = z.object({
  status: z.enum(['open', 'acknowledged', 'closed', 'not-closed']).optional(),
  environment: slug.optional(),
  priority: priority.optional(),
  /** The query language: `field:value`, AND, OR, NOT, brackets; words alone are looked for in name and message. */
  query: z.string().max(1_000).optional(),
})

/** A question that is kept, with how its answer is put together. */
const viewFields = {
  name: line(100),
  query: z.string().max(1_000).optional(),
  status: z.enum(['not-closed', 'open', 'acknowledged', 'closed', 'all']).optional(),
  environment: slug.nullable().optional(),
  priority: priority.nullable().optional(),
  /** As `by` of the groups; `usual` as the installation says; null: not grouped. */
  groupBy: z.string().max(310).nullable().optional(),
}
export const alertViewEntry = z.strictObject({
  slug: slug.describe('What addresses call this view; stays the same for good.'),
  ...viewFields,
})
export type AlertViewEntry = z.output<typeof alertViewEntry>

export const alertViewRow = z.object({
  id,
  /** null: the reader's own. */
  slug: z.string().nullable(),
  name: z.string(),
  query: z.string(),
  status: z.enum(['not-closed', 'open', 'acknowledged', 'closed', 'all']),
  environment: z.string().nullable(),
  priority: priority.nullable(),
  groupBy: z.string().nullable(),
  can: z.object({ change: z.boolean() }),
})
export type AlertViewReply = z.infer<typeof alertViewRow>

export const alertRoutes = defineRoutes({
  listAlertViews: {
    method: 'GET',
    path: '/api/alerts/views',
    summary: 'Saved views of the alert list: those of everybody, then your own, by name.',
    permission: 'alerts.read',
    reply: z.object({ rows: z.array(alertViewRow), can: z.object({ share: z.boolean() }) }),
  },
  saveAlertView: {
    method: 'POST',
    path: '/api/alerts/views',
    summary:
      'Saves a view: your own, or with a `slug` for everybody (needs alerts.change). One of the same name, or slug, is replaced.',
    permission: 'alerts.read',
    body: z.strictObject({ slug: slug.optional(), ...viewFields }),
    reply: alertViewRow,
    status: 201,
    errors: ['conflict'],
  },
  removeAlertView: {
    method: 'DELETE',
    path: '/api/alerts/views/:viewId',
    summary: 'Removes a view: your own, or one of everybody (needs alerts.change).',
    permission: 'alerts.read',
    params: z.object({ viewId: id }),
    reply: done,
    errors: ['not-found'],
  },
  listAlerts: {
    method: 'GET',
    path: '/api/alerts',
    summary: 'Alerts, newest first.',
    permission: 'alerts.read',
    query: paging.extend(listed.shape),
    reply: pageOf(alertRow).extend({
      /** Of all alerts, whatever was asked; counting stops at `most`. */
      counts: z.object({ open: z.number(), acknowledged: z.number(), most: z.number() }),
      /**
       * Set where rows had to be looked at one after the other: how far back they were. This part may then hold fewer
       * rows than were asked for, or none, and `next` goes on.
       */
      lookedTo: instant.nullable(),
    }),
  },
  groupAlerts: {
    method: 'GET',
    path: '/api/alerts/groups',
    summary:
      'How many alerts there are by labels (`by=group,severity,cluster`, as the installation says when left out), environment or priority. A part looks at the newest 5,000, the next ones at 20,000 each; `next` goes on, and its groups add to those before.',
    permission: 'alerts.read',
    query: listed.extend({ by: z.string().max(310).optional(), after: paging.shape.after }),
    reply: z.object({
      by: z.array(z.string()),
      rows: z.array(
        z.object({
          /** In the order of `by`; null where the alerts have no such label. */
          values: z.array(z.string().nullable()),
          /** Finds these alerts, beside status, environment and priority as they were asked; null where it would be too long. */
          query: z.string().nullable(),
          count: z.number().int(),
          acknowledged: z.number().int(),
          /** Of the most urgent. */
          priority,
          newestAt: instant,
        }),
      ),
      /** Alerts that this part looked at, and its groups beyond the first 1,000. */
      looked: z.number().int(),
      left: z.number().int(),
      lookedTo: instant.nullable(),
      next: z.string().nullable(),
    }),
  },
  countAlerts: {
    method: 'GET',
    path: '/api/alerts/count',
    summary: 'How many alerts a question finds among the newest 100,000 that its indexes leave.',
    permission: 'alerts.read',
    query: listed,
    /** `isAll`: there were no more to look at. Otherwise there are at least so many. */
    reply: z.object({ count: z.number().int(), isAll: z.boolean() }),
  },
  getAlert: {
    method: 'GET',
    path: '/api/alerts/:alertId',
    summary: 'One alert with its labels, pages and activity.',
    permission: 'alerts.read',
    params: byId,
    reply: alertDetail,
    errors: ['not-found'],
  },
  acknowledgeAlert: {
    method: 'POST',
    path: '/api/alerts/:alertId/acknowledge',
    summary: 'Acknowledges the alert and the page that carries it.',
    permission: 'pages.acknowledge',
    params: byId,
    reply: alertDetail,
    errors: ['not-found', 'conflict'],
  },
  closeAlert: {
    method: 'POST',
    path: '/api/alerts/:alertId/close',
    summary:
      'Closes an alert by hand, with a reason. If it still fires it opens again at the next notification.',
    permission: 'alerts.change',
    params: byId,
    body: z.object({ reason: z.string().trim().min(1).max(500) }),
    reply: done,
    errors: ['not-found', 'conflict'],
  },
  unacknowledgeAlert: {
    method: 'POST',
    path: '/api/alerts/:alertId/unacknowledge',
    summary: 'Gives the alert back: nobody has it any more, and whoever is on call is paged anew.',
    permission: 'pages.acknowledge',
    params: byId,
    reply: alertDetail,
    errors: workErrors,
  },
  assignAlert: {
    method: 'PUT',
    path: '/api/alerts/:alertId/owner',
    summary: "Says whose the alert is; null when it shall be nobody's. It is not taken for them.",
    permission: 'alerts.change',
    params: byId,
    body: z.object({ owner: id.nullable() }),
    reply: alertDetail,
    errors: workErrors,
  },
  snoozeAlert: {
    method: 'POST',
    path: '/api/alerts/:alertId/snooze',
    summary:
      'Lets the alert sleep until an instant; it then opens again and pages, unless it is closed by then. Its page stops when everything on it sleeps or is taken.',
    permission: 'pages.acknowledge',
    params: byId,
    body: z.object({ until: instant }),
    reply: alertDetail,
    errors: workErrors,
  },
  endSnooze: {
    method: 'DELETE',
    path: '/api/alerts/:alertId/snooze',
    summary: 'Wakes the alert now.',
    permission: 'pages.acknowledge',
    params: byId,
    reply: alertDetail,
    errors: workErrors,
  },
  escalateAlert: {
    method: 'POST',
    path: '/api/alerts/:alertId/escalate',
    summary: 'Pages the next step of its page at once, or by another escalation policy (slug or id).',
    permission: 'alerts.change',
    params: byId,
    body: z.object({ policy: line(64).optional() }),
    reply: alertDetail,
    errors: workErrors,
  },
  addResponder: {
    method: 'POST',
    path: '/api/alerts/:alertId/responders',
    summary: 'Pages one more person, schedule or role about this alert.',
    permission: 'alerts.change',
    params: byId,
    body: z.object({ target: escalationTarget }),
    reply: alertDetail,
    errors: workErrors,
  },
  noteOnAlert: {
    method: 'POST',
    path: '/api/alerts/:alertId/notes',
    summary: 'Writes a note beside the alert, also when it is closed.',
    permission: 'alerts.change',
    params: byId,
    body: z.object({ note: prose(25_000).min(1) }),
    reply: alertDetail,
    errors: ['not-found'],
  },
  tagAlert: {
    method: 'POST',
    path: '/api/alerts/:alertId/tags',
    summary: 'Adds and takes away tags; at most 20 of at most 50 characters.',
    permission: 'alerts.change',
    params: byId,
    body: z.object({ add: tags.optional(), remove: tags.optional() }),
    reply: alertDetail,
    errors: workErrors,
  },
  changeDetails: {
    method: 'POST',
    path: '/api/alerts/:alertId/details',
    summary: 'Sets and takes away details (labels) of the alert. Which alert it is does not change.',
    permission: 'alerts.change',
    params: byId,
    body: z.object({
      set: z.record(detailName, prose(8_000)).optional(),
      remove: z.array(detailName).max(64).optional(),
    }),
    reply: alertDetail,
    errors: workErrors,
  },
  editAlert: {
    method: 'PATCH',
    path: '/api/alerts/:alertId',
    summary: 'Corrects message, description or priority. One that is urgent only now pages.',
    permission: 'alerts.change',
    params: byId,
    body: z.object({
      message: line(500).optional(),
      description: prose(15_000).optional(),
      priority: priority.optional(),
    }),
    reply: alertDetail,
    errors: workErrors,
  },
  attachToAlert: {
    method: 'POST',
    path: '/api/alerts/:alertId/attachments',
    summary:
      'Attaches a file, at most 16 MiB and 20 an alert: the body is the file, its name is in the query.',
    permission: 'alerts.change',
    params: byId,
    query: z.object({ fileName: line(200) }),
    reply: alertDetail,
    status: 201,
    errors: ['not-found', 'conflict', 'too-large'],
    bodyLimit: 16 * 1024 * 1024,
  },
  readAlertAttachment: {
    method: 'GET',
    path: '/api/alerts/:alertId/attachments/:attachmentId',
    summary: 'The bytes of an attachment, always as a download. Who took it away is on record.',
    permission: 'recordings.read',
    params: byId.extend({ attachmentId: id }),
    reply: z.unknown(),
    errors: ['not-found'],
  },
  eraseAlertAttachment: {
    method: 'DELETE',
    path: '/api/alerts/:alertId/attachments/:attachmentId',
    summary: 'Erases the file for good; that it was there stays on record.',
    permission: 'alerts.change',
    params: byId.extend({ attachmentId: id }),
    reply: alertDetail,
    errors: ['not-found'],
  },
  alertActivityFile: {
    method: 'GET',
    path: '/api/alerts/:alertId/activity',
    summary: 'What was done to the alert, as a file: Markdown, or CSV with `format=csv`.',
    permission: 'alerts.read',
    params: byId,
    query: z.object({ format: z.enum(['md', 'csv']).optional() }),
    reply: z.unknown(),
    errors: ['not-found'],
  },
  actOnAlerts: {
    method: 'POST',
    path: '/api/alerts/bulk',
    summary:
      'One act on many alerts, at most 10,000. More than 200 go on after the reply: ask for the progress by its id.',
    permission: 'alerts.change',
    body: z.object({ which, act: bulkAct }),
    reply: bulkReply,
  },
  getBulk: {
    method: 'GET',
    path: '/api/alerts/bulk/:bulkId',
    summary: 'How far an act on many alerts has come.',
    permission: 'alerts.read',
    params: z.object({ bulkId: id }),
    reply: bulkReply,
    errors: ['not-found'],
  },
})
