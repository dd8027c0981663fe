/** Paging drills: rung at once or weekly, through the whole path; and what was last proven to reach somebody. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { done, environmentRef, id, instant, pageOf, paging, personRef, slug, zone } from '../shapes.ts'
import { weekday } from './on-call.ts'
import { channel } from './pages.ts'

const time = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'hours and minutes, as 10:00')
const environment = slug.or(id)
/** `web-push` is every browser of the person; anything else the id of a way they added. */
const method = z.literal('web-push').or(id)

export const drillStatus = z.enum(['asked', 'ringing', 'proved', 'missed'])

export const drillRow = z.object({
  id,
  environment: environmentRef,
  /** Who alone was rung; null: whoever routing and policy meant. */
  person: personRef.nullable(),
  status: drillStatus,
  /** Of one that was missed. */
  why: z.enum(['nothing-rang', 'nobody-took-it', 'taken-by-another']).nullable(),
  scheduled: z.boolean(),
  askedAt: instant,
  askedBy: personRef.nullable(),
  /** By when it must be taken. */
  dueAt: instant,
  endedAt: instant.nullable(),
  takenBy: personRef.nullable(),
  page: id.nullable(),
})
export type DrillReply = z.infer<typeof drillRow>

/** `received`: its alert came in as any alert does. `paged`: detail is the policy. `promised` … `delivered`: one way of one person. */
export const drillStep = z.object({
  what: z.enum([
    'asked',
    'received',
    'paged',
    'promised',
    'sent',
    'failed',
    'cancelled',
    'delivered',
    'not-delivered',
    'taken',
    'missed',
  ]),
  at: instant,
  person: personRef.nullable(),
  channel: channel.nullable(),
  detail: z.string(),
})

export const drillDetail = drillRow.extend({
  steps: z.array(drillStep),
  /** The routing rule that would have let an alert like this wait, or listed it only: a drill rings all the same. */
  overruledRule: z.string().nullable(),
  /** Apps of whoever asks that this drill reached, and what they said of each; null: not yet. */
  apps: z.array(z.object({ method, channel, woke: z.boolean().nullable() })),
})
export type DrillDetailReply = z.infer<typeof drillDetail>

/** `policy`: whom routing and policy mean. `everybody`: each who may take pages, by a drill of their own. Else one account. */
const whom = z.enum(['policy', 'everybody']).or(id)

export const drillPlanRow = z.object({
  id,
  environment: environmentRef,
  whom,
  person: personRef.nullable(),
  weekday,
  time,
  zone: z.string(),
  nextAt: instant,
})
export type DrillPlanReply = z.infer<typeof drillPlanRow>

/** `provenAt`: when a page, drilled or real, last went all the way to an acknowledgement. Red when not in the last week. */
const provenFor = { provenAt: instant.nullable(), proven: z.boolean() }

export const drillRoutes = defineRoutes({
  listDrills: {
    method: 'GET',
    path: '/api/drills',
    summary: 'Paging drills, newest first.',
    permission: 'pages.read',
    query: paging.extend({ environment: environment.optional() }),
    reply: pageOf(drillRow),
    errors: ['not-found'],
  },
  startDrill: {
    method: 'POST',
    path: '/api/drills',
    summary:
      'Rings a drill now: an alert that nothing caused goes through intake, routing and page to real channels. With `person` it rings that person alone.',
    permission: 'pages.acknowledge',
    body: z.strictObject({ environment, person: id.optional() }),
    reply: drillRow,
    status: 201,
    errors: ['not-found', 'conflict'],
  },
  getDrill: {
    method: 'GET',
    path: '/api/drills/:drillId',
    summary: 'One drill with every step and its time.',
    permission: 'pages.read',
    params: z.object({ drillId: id }),
    reply: drillDetail,
    errors: ['not-found'],
  },
  answerDrill: {
    method: 'POST',
    path: '/api/drills/:drillId/answer',
    summary:
      'Did it wake you? Names which of the apps that it reached you on made a sound you would wake by; none is an answer, too.',
    permission: 'pages.acknowledge',
    params: z.object({ drillId: id }),
    body: z.strictObject({ woke: z.array(method).max(20) }),
    reply: drillDetail,
    errors: ['not-found', 'conflict'],
  },
  listDrillPlans: {
    method: 'GET',
    path: '/api/drill-plans',
    summary: 'Drills that ring by themselves every week.',
    permission: 'pages.read',
    reply: z.object({
      rows: z.array(drillPlanRow),
      can: z.object({ change: z.boolean(), run: z.boolean() }),
    }),
  },
  putDrillPlan: {
    method: 'PUT',
    path: '/api/drill-plans',
    summary:
      'Plans a weekly drill of an environment, or moves the one that stands; Tuesday 10:00 where nothing is said.',
    permission: 'on-call.change',
    body: z.strictObject({
      environment,
      whom: whom.optional(),
      weekday: weekday.optional(),
      time: time.optional(),
      /** Whoever asks lends theirs when none is said. */
      zone: zone.optional(),
    }),
    reply: drillPlanRow,
    errors: ['not-found', 'conflict'],
  },
  removeDrillPlan: {
    method: 'DELETE',
    path: '/api/drill-plans/:planId',
    summary: 'This drill rings by itself no more.',
    permission: 'on-call.change',
    params: z.object({ planId: id }),
    reply: done,
    errors: ['not-found'],
  },
  showProven: {
    method: 'GET',
    path: '/api/drills/proven',
    summary: 'When each environment, and each person who may take pages, was last proven to be reached.',
    permission: 'pages.read',
    reply: z.object({
      environments: z.array(z.object({ environment: environmentRef, ...provenFor })),
      people: z.array(z.object({ person: personRef, ...provenFor })),
    }),
  },
})
