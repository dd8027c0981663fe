/** OpsGenie's REST API v2 as far as we speak it. The shapes are OpsGenie's; what is read is wider than what they promise. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'

const requestId = z.string()
/** Seconds. */
const took = z.number()

export const opsGenieError = z.object({
  message: z.string(),
  took,
  requestId,
  code: z.number().int().optional(),
  errors: z.record(z.string(), z.string()).optional(),
})
export const opsGenieAccepted = z.object({ result: z.string(), took, requestId })
const answer = <T extends z.ZodType>(data: T) => z.object({ data, took, requestId })

const isoInstant = z.string()

export const opsGenieAlert = z.object({
  id: z.string(),
  tinyId: z.string(),
  alias: z.string(),
  message: z.string(),
  status: z.enum(['open', 'closed']),
  acknowledged: z.boolean(),
  isSeen: z.boolean(),
  tags: z.array(z.string()),
  snoozed: z.boolean(),
  snoozedUntil: isoInstant.optional(),
  count: z.number().int(),
  lastOccurredAt: isoInstant,
  createdAt: isoInstant,
  updatedAt: isoInstant,
  source: z.string(),
  owner: z.string(),
  priority: z.enum(['P1', 'P2', 'P3', 'P4', 'P5']),
  teams: z.array(z.never()),
  responders: z.array(z.never()),
  /** Only where the asking key sent the alert itself. */
  integration: z.object({ id: z.string(), name: z.string(), type: z.string() }).optional(),
  /** Times in milliseconds from its creation. */
  report: z.object({
    ackTime: z.number().optional(),
    closeTime: z.number().optional(),
    acknowledgedBy: z.string().optional(),
  }),
})
export type OpsGenieAlert = z.infer<typeof opsGenieAlert>

export const opsGenieAlertInFull = opsGenieAlert.extend({
  actions: z.array(z.never()),
  entity: z.string(),
  description: z.string(),
  details: z.record(z.string(), z.string()),
})
export type OpsGenieAlertInFull = z.infer<typeof opsGenieAlertInFull>

const identifier = z.object({ identifier: z.string() })
const identifierType = z.object({ identifierType: z.enum(['id', 'tiny', 'alias']).optional() })
const said = { user: z.string().optional(), source: z.string().optional(), note: z.string().optional() }
const query = z.string().optional()

const errors = (...statuses: number[]) => ({
  error: opsGenieError,
  statuses: [400, 401, 413, 429, 503, ...statuses].sort(),
})
const BODY_BYTES = 32 * 1024 * 1024

const write = <
  const Method extends 'POST' | 'PUT' | 'DELETE',
  const Path extends string,
  Body extends z.ZodType,
>(
  method: Method,
  path: Path,
  summary: string,
  body: Body,
) => ({
  method,
  path: `/v2/alerts/:identifier/${path}`,
  summary,
  permission: 'alerts.send' as const,
  params: identifier,
  query: identifierType,
  body,
  reply: opsGenieAccepted,
  status: 202 as const,
  dialect: errors(422),
  bodyLimit: BODY_BYTES,
})

const tags = z.union([z.array(z.string()), z.string()])
const page = z.object({
  first: z.string(),
  prev: z.string().optional(),
  next: z.string().optional(),
  last: z.string(),
})

/** `offset` is one that an answer named; `direction` leads on from there or back. */
const stretch = identifierType.extend({
  offset: z.string().optional(),
  direction: z.enum(['next', 'prev']).optional(),
  limit: z.coerce.number().int().min(1).max(100).optional(),
  order: z.enum(['asc', 'desc']).optional(),
})
const stretchPage = z.object({ first: z.string(), next: z.string().optional() })
const recipient = z.object({
  type: z.string().optional(),
  id: z.string().optional(),
  name: z.string().optional(),
  username: z.string().optional(),
})

export const opsGenieRoutes = defineRoutes({
  createOpsGenieAlert: {
    method: 'POST',
    path: '/v2/alerts',
    summary: 'OpsGenie: an alert, or one more sighting of the open alert with this alias and key.',
    permission: 'alerts.send',
    body: z.object({
      message: z.string(),
      alias: z.string().optional(),
      description: z.string().optional(),
      tags: tags.optional(),
      details: z.record(z.string(), z.string()).optional(),
      entity: z.string().optional(),
      priority: z.enum(['P1', 'P2', 'P3', 'P4', 'P5']).optional(),
      ...said,
    }),
    reply: opsGenieAccepted,
    status: 202,
    dialect: errors(422),
    bodyLimit: BODY_BYTES,
  },
  getOpsGenieRequest: {
    method: 'GET',
    path: '/v2/alerts/requests/:requestId',
    summary: 'OpsGenie: what became of a request of the same key in the last 24 hours.',
    permission: 'alerts.follow',
    params: z.object({ requestId: z.string() }),
    reply: answer(
      z.object({
        isSuccess: z.boolean(),
        success: z.boolean(),
        action: z.string(),
        processedAt: isoInstant,
        integrationId: z.string(),
        status: z.string(),
        alertId: z.string(),
        alias: z.string(),
      }),
    ),
    dialect: errors(404),
  },
  listOpsGenieAlerts: {
    method: 'GET',
    path: '/v2/alerts',
    summary: 'OpsGenie: the alerts of the environment of the key.',
    permission: 'alerts.follow',
    query: z.object({
      query,
      limit: z.coerce.number().int().min(1).max(100).optional(),
      offset: z.coerce.number().int().min(0).optional(),
      sort: z.string().optional(),
      order: z.enum(['asc', 'desc']).optional(),
    }),
    reply: answer(z.array(opsGenieAlert)).extend({ paging: page }),
    dialect: errors(422),
  },
  countOpsGenieAlerts: {
    method: 'GET',
    path: '/v2/alerts/count',
    summary: 'OpsGenie: how many alerts of the environment answer a query.',
    permission: 'alerts.follow',
    query: z.object({ query }),
    reply: answer(z.object({ count: z.number().int() })),
    dialect: errors(422),
  },
  getOpsGenieAlert: {
    method: 'GET',
    path: '/v2/alerts/:identifier',
    summary: 'OpsGenie: one alert. An alias finds the open alert of the asking key.',
    permission: 'alerts.follow',
    params: identifier,
    query: identifierType,
    reply: answer(opsGenieAlertInFull),
    dialect: errors(404, 422),
  },
  listOpsGenieNotes: {
    method: 'GET',
    path: '/v2/alerts/:identifier/notes',
    summary: 'OpsGenie: the notes of an alert.',
    permission: 'alerts.follow',
    params: identifier,
    query: stretch,
    reply: answer(
      z.array(z.object({ note: z.string(), owner: z.string(), createdAt: isoInstant, offset: z.string() })),
    ).extend({ paging: stretchPage }),
    dialect: errors(404, 422),
  },
  listOpsGenieLogs: {
    method: 'GET',
    path: '/v2/alerts/:identifier/logs',
    summary: 'OpsGenie: what happened to an alert, in sentences.',
    permission: 'alerts.follow',
    params: identifier,
    query: stretch,
    reply: answer(
      z.array(
        z.object({
          log: z.string(),
          type: z.enum(['system', 'alertRecipient']),
          owner: z.string(),
          createdAt: isoInstant,
          offset: z.string(),
        }),
      ),
    ).extend({ paging: stretchPage }),
    dialect: errors(404, 422),
  },
  listOpsGenieRecipients: {
    method: 'GET',
    path: '/v2/alerts/:identifier/recipients',
    summary: 'OpsGenie: who was paged about an alert, and what came of it.',
    permission: 'alerts.follow',
    params: identifier,
    query: identifierType,
    reply: answer(
      z.array(
        z.object({
          user: z.object({ id: z.string(), username: z.string() }),
          state: z.enum(['action', 'notactive']),
          method: z.string(),
          createdAt: isoInstant,
          updatedAt: isoInstant,
        }),
      ),
    ),
    dialect: errors(404, 422),
  },
  closeOpsGenieAlert: write('POST', 'close', 'OpsGenie: the source says that it is over.', z.object(said)),
  acknowledgeOpsGenieAlert: write(
    'POST',
    'acknowledge',
    'OpsGenie: the person named by `user` (e-mail address or handle) takes the alert.',
    z.object({ ...said, user: z.string() }),
  ),
  putOpsGenieMessage: write(
    'PUT',
    'message',
    'OpsGenie: another message.',
    z.object({ message: z.string(), ...said }),
  ),
  putOpsGenieDescription: write(
    'PUT',
    'description',
    'OpsGenie: another description; nothing is an empty one.',
    z.object({ description: z.string().optional(), ...said }),
  ),
  putOpsGeniePriority: write(
    'PUT',
    'priority',
    'OpsGenie: another priority; from P3 or lower to P1 or P2 it pages.',
    z.object({ priority: z.enum(['P1', 'P2', 'P3', 'P4', 'P5']), ...said }),
  ),
  addOpsGenieNote: write('POST', 'notes', 'OpsGenie: a note.', z.object({ ...said, note: z.string() })),
  addOpsGenieTags: write('POST', 'tags', 'OpsGenie: more tags.', z.object({ tags, ...said })),
  removeOpsGenieTags: {
    ...write('DELETE', 'tags', 'OpsGenie: fewer tags, named with commas between.', z.object({})),
    query: identifierType.extend({ tags: z.string().optional() }),
  },
  addOpsGenieDetails: write(
    'POST',
    'details',
    'OpsGenie: more details; they are the labels of the alert.',
    z.object({ details: z.record(z.string(), z.string()), ...said }),
  ),
  removeOpsGenieDetails: {
    ...write('DELETE', 'details', 'OpsGenie: fewer details, named with commas between.', z.object({})),
    query: identifierType.extend({ keys: z.string().optional() }),
  },
  unacknowledgeOpsGenieAlert: write(
    'POST',
    'unacknowledge',
    'OpsGenie: nobody has the alert any more; whoever is on call is paged anew.',
    z.object(said),
  ),
  snoozeOpsGenieAlert: write(
    'POST',
    'snooze',
    'OpsGenie: the person named by `user` lets the alert sleep until `endTime`.',
    z.object({ ...said, user: z.string(), endTime: isoInstant }),
  ),
  assignOpsGenieAlert: write(
    'POST',
    'assign',
    'OpsGenie: whose the alert is. It does not take it for them.',
    z.object({ ...said, owner: recipient }),
  ),
  escalateOpsGenieAlert: write(
    'POST',
    'escalate',
    'OpsGenie: whoever the escalation policy names is paged about it now.',
    z.object({ ...said, escalation: recipient }),
  ),
  addOpsGenieResponder: write(
    'POST',
    'responders',
    'OpsGenie: one more person, team, schedule or escalation policy is paged about it now.',
    z.object({ ...said, responder: recipient }),
  ),
  removeOpsGenieResponder: write(
    'DELETE',
    'responders',
    'OpsGenie: written down; whoever was paged stays so until the alert is taken or closed.',
    z.object({ ...said, responder: recipient.optional() }),
  ),
  addOpsGenieTeam: write(
    'POST',
    'teams',
    'OpsGenie: everybody of a team is paged about it now.',
    z.object({ ...said, team: recipient }),
  ),
  executeOpsGenieAction: {
    ...write('POST', 'actions/:action', 'OpsGenie: written down; nothing here runs actions.', z.object(said)),
    params: identifier.extend({ action: z.string() }),
  },
  deleteOpsGenieAlert: {
    ...write('DELETE', '', 'OpsGenie: the alert is over; its history stays.', z.object({})),
    path: '/v2/alerts/:identifier',
    query: identifierType.extend({ user: z.string().optional(), source: z.string().optional() }),
  },
})
