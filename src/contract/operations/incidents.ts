/** Incidents: opened from an alert, worked Observe, Orient, Decide, Act, and again. */
import { z } from 'zod'
import { ROLES } from '../../domain/people/permissions.ts'
import { defineRoutes } from '../route.ts'
import { environmentRef, id, instant, line, pageOf, paging, personRef, prose, slug } from '../shapes.ts'

export const incidentStatus = z.enum(['open', 'mitigated', 'resolved'])
export const phase = z.enum(['observe', 'orient', 'decide', 'act'])
export const severity = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)])
const text = prose(10_000).refine((value) => value.trim() !== '', 'must not be empty')
const pinAbout = z.enum(['alert', 'change', 'output', 'ticket', 'link', 'note'])
const helped = z.enum(['yes', 'partly', 'no'])
const side = z.enum(['for', 'against'])
const verdict = z.enum(['open', 'supported', 'refuted'])

export const incidentRow = z.object({
  id,
  /** `I-7`; with the environment's slug in front it is unique. */
  number: z.string(),
  environment: environmentRef,
  title: z.string(),
  status: incidentStatus,
  phase,
  severity: z.number().int(),
  loop: z.number().int(),
  openedAt: instant,
  openedBy: personRef,
  impactStartedAt: instant,
  impactEndedAt: instant.nullable(),
  mitigatedAt: instant.nullable(),
  resolvedAt: instant.nullable(),
})
export type IncidentRowReply = z.infer<typeof incidentRow>

/** At once, of the environment of the incident. */
const manyAlerts = z.array(id).min(1).max(1_000)

/** What may be done next; one command a request. */
export const incidentCommand = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('add-alert'), alertId: id }),
  /** Those that are in it already, or not in it, are passed over. */
  z.object({ kind: z.literal('add-alerts'), alertIds: manyAlerts }),
  z.object({ kind: z.literal('remove-alerts'), alertIds: manyAlerts }),
  z.object({
    kind: z.literal('pin'),
    about: pinAbout,
    text,
    recordId: id.optional(),
    observedAt: instant.optional(),
  }),
  z.object({ kind: z.literal('propose-hypothesis'), statement: text }),
  z.object({ kind: z.literal('add-evidence'), hypothesisId: id, pinId: id, side }),
  z.object({ kind: z.literal('judge-hypothesis'), hypothesisId: id, status: verdict }),
  z.object({ kind: z.literal('state-impact'), severity, impact: text, startedAt: instant.optional() }),
  z.object({ kind: z.literal('join'), accountId: id.optional() }),
  z.object({ kind: z.literal('leave'), accountId: id.optional() }),
  z.object({
    kind: z.literal('ask-help'),
    role: z.enum(ROLES).optional(),
    accountId: id.optional(),
    reason: text,
  }),
  z.object({ kind: z.literal('link-ticket'), ticket: line(2_000) }),
  z.object({ kind: z.literal('judge-act'), helped }),
  z.object({ kind: z.literal('mitigate'), impactEndedAt: instant.optional() }),
  z.object({ kind: z.literal('resolve'), summary: text, impactEndedAt: instant.optional() }),
  z.object({ kind: z.literal('reopen'), reason: text }),
])
export type IncidentCommandInput = z.infer<typeof incidentCommand>

export const incidentDetail = incidentRow.extend({
  impact: z.string().nullable(),
  outsideTicket: z.object({ text: z.string(), url: z.string().nullable() }).nullable(),
  alerts: z.array(
    z.object({
      id,
      name: z.string(),
      summary: z.string(),
      priority: z.string(),
      status: z.enum(['open', 'acknowledged', 'closed']),
      startsAt: instant,
    }),
  ),
  /** Collected, not typed: what changed last in this environment, and which colleagues are at their desks. */
  observe: z.object({
    lastChanges: z.array(z.object({ at: instant, what: z.string(), by: z.string() })),
    awake: z.array(personRef.extend({ seenAt: instant })),
  }),
  pins: z.array(
    z.object({ id, about: pinAbout, text: z.string(), recordId: id.nullable(), observedAt: instant }),
  ),
  hypotheses: z.array(
    z.object({
      id,
      statement: z.string(),
      status: verdict,
      proposedBy: personRef,
      for: z.array(id),
      against: z.array(id),
    }),
  ),
  participants: z.array(personRef.extend({ joinedAt: instant, leftAt: instant.nullable() })),
  escalations: z.array(z.object({ to: z.string(), reason: z.string(), by: personRef, at: instant })),
  decisions: z.array(z.object({ id, number: z.string(), what: z.string(), status: z.string() })),
  sessions: z.array(
    z.object({ id, kind: z.string(), operator: z.string(), state: z.string(), startedAt: instant }),
  ),
  loops: z.array(
    z.object({
      startedAt: instant,
      firstActAt: instant.nullable(),
      endedAt: instant.nullable(),
      helped: helped.nullable(),
    }),
  ),
  timeline: z.array(
    z.object({
      at: instant,
      by: personRef,
      loop: z.number().int(),
      phase,
      what: z.string(),
      about: z.string().nullable(),
    }),
  ),
  /** Milliseconds since the impact began; null where it has not come to that. */
  timings: z.object({
    detectedMs: z.number().nullable(),
    pagedMs: z.number().nullable(),
    acknowledgedMs: z.number().nullable(),
    firstDecisionMs: z.number().nullable(),
    firstActMs: z.number().nullable(),
    mitigatedMs: z.number().nullable(),
    resolvedMs: z.number().nullable(),
  }),
  can: z.object({
    change: z.boolean(),
    mitigate: z.boolean(),
    resolve: z.boolean(),
    reopen: z.boolean(),
    judgeAct: z.boolean(),
  }),
})
export type IncidentDetailReply = z.infer<typeof incidentDetail>

const byId = z.object({ incidentId: id })

export const incidentRoutes = defineRoutes({
  listIncidents: {
    method: 'GET',
    path: '/api/incidents',
    summary: 'Incidents, newest first.',
    permission: 'incidents.read',
    query: paging.extend({
      status: z.enum(['open', 'mitigated', 'resolved', 'unresolved']).optional(),
      environment: slug.optional(),
    }),
    reply: pageOf(incidentRow),
  },
  getIncident: {
    method: 'GET',
    path: '/api/incidents/:incidentId',
    summary: 'One incident: facts, hypotheses, decisions, sessions, and the timeline that built itself.',
    permission: 'incidents.read',
    params: byId,
    reply: incidentDetail,
    errors: ['not-found'],
  },
  openIncident: {
    method: 'POST',
    path: '/api/incidents',
    summary: 'Opens an incident from an alert, from several of one environment, or for an environment.',
    permission: 'incidents.change',
    body: z
      .object({
        alertId: id.optional(),
        /** The first names the incident, unless there is a title; the most urgent says how severe it is. */
        alertIds: manyAlerts.optional(),
        environment: slug.optional(),
        title: line(300).optional(),
        severity: severity.optional(),
      })
      .refine(
        (body) =>
          [body.alertId, body.alertIds, body.environment].filter((each) => each !== undefined).length >= 1,
        'name an alert, several, or an environment',
      ),
    reply: incidentDetail,
    status: 201,
    errors: ['not-found', 'conflict'],
  },
  commandIncident: {
    method: 'POST',
    path: '/api/incidents/:incidentId/commands',
    summary:
      'The next step in an incident: pin a fact, propose or judge a hypothesis, ask for help, mitigate, resolve, reopen.',
    permission: 'incidents.change',
    params: byId,
    body: incidentCommand,
    reply: incidentDetail,
    errors: ['not-found', 'conflict'],
  },
})
