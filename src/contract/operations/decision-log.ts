/** The Decision Log: what will be changed and why, by whom or together with the customer, in the environment's log. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import {
  environmentRef,
  id,
  incidentName,
  instant,
  pageOf,
  paging,
  personRef,
  prose,
  slug,
} from '../shapes.ts'

export const decisionStatus = z.enum(['proposed', 'decided', 'superseded', 'withdrawn', 'break-glass-owed'])
const text = prose(20_000)
const said = text.refine((value) => value.trim() !== '', 'must not be empty')

export const option = z.object({ title: said, chosen: z.boolean(), note: text })
/** `validUntil` in epoch milliseconds; null: until superseded or withdrawn. */
export const terms = z.object({
  what: said,
  why: said,
  options: z.array(option).max(20),
  risk: text,
  rollback: text,
  validUntil: instant.nullable(),
})
export const cooperation = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('internal') }),
  z.object({ kind: z.literal('with-customer'), contactIds: z.array(id).min(1).max(20) }),
])

export const decisionRow = z.object({
  id,
  /** `D-12`; with the environment's slug in front it is unique: `acme-prod/D-12`. */
  number: z.string(),
  environment: environmentRef,
  status: decisionStatus,
  what: z.string(),
  breakGlass: z.boolean(),
  owed: z.object({ what: z.enum(['write-up', 'review']), dueAt: instant, overdue: z.boolean() }).nullable(),
  validUntil: instant.nullable(),
  openedAt: instant,
  openedBy: personRef,
  decidedAt: instant.nullable(),
  decidedBy: personRef.nullable(),
})
export type DecisionRowReply = z.infer<typeof decisionRow>

export const decisionDetail = decisionRow.extend({
  /** The words in force; null for a broken glass before its write-up. */
  terms: terms.nullable(),
  cooperation: z
    .object({ kind: z.enum(['internal', 'with-customer']), contacts: z.array(personRef) })
    .nullable(),
  /** Every entry as it was said, oldest first; nothing is ever overwritten. */
  entries: z.array(z.object({ at: instant, by: personRef, reason: z.string(), terms })),
  glass: z
    .object({
      why: z.string(),
      openedAt: instant,
      writeUpBy: instant,
      reviewBy: instant,
      writtenUp: z.object({ by: personRef, at: instant, result: z.string() }).nullable(),
      review: z
        .object({ by: personRef, at: instant, verdict: z.enum(['accepted', 'objected']), note: z.string() })
        .nullable(),
    })
    .nullable(),
  ending: z
    .object({
      kind: z.enum(['superseded', 'withdrawn']),
      at: instant,
      by: personRef,
      reason: z.string().nullable(),
      supersededBy: z.string().nullable(),
    })
    .nullable(),
  /** Whether a change made now would be covered, and if not, why. */
  covers: z.object({ covered: z.boolean(), why: z.string().nullable() }),
  can: z.object({
    decide: z.boolean(),
    amend: z.boolean(),
    supersede: z.boolean(),
    withdraw: z.boolean(),
    writeUp: z.boolean(),
    review: z.boolean(),
    record: z.boolean(),
  }),
})
export type DecisionDetailReply = z.infer<typeof decisionDetail>

const byId = z.object({ decisionId: id })
const answers = ['not-found', 'conflict'] as const

export const decisionRoutes = defineRoutes({
  listDecisions: {
    method: 'GET',
    path: '/api/decisions',
    summary:
      'Decisions, newest first; a customer contact sees those of their own environments that were decided.',
    permission: 'decisions.read',
    query: paging.extend({
      environment: slug.optional(),
      status: decisionStatus.optional(),
      owed: z.enum(['true']).optional(),
      search: z.string().max(200).optional(),
    }),
    reply: pageOf(decisionRow).extend({ owedCount: z.number().int() }),
  },
  getDecision: {
    method: 'GET',
    path: '/api/decisions/:decisionId',
    summary: 'One decision with every entry.',
    permission: 'decisions.read',
    params: byId,
    reply: decisionDetail,
    errors: ['not-found'],
  },
  findDecision: {
    method: 'GET',
    path: '/api/environments/:environment/decisions/:number',
    summary: 'One decision by its number in the environment, such as D-12.',
    permission: 'decisions.read',
    params: z.object({
      environment: slug,
      number: z.string().regex(/^[Dd]-\d{1,9}$/, 'a number such as D-12'),
    }),
    reply: decisionDetail,
    errors: ['not-found'],
  },
  recordDecision: {
    method: 'POST',
    path: '/api/decisions',
    summary: 'Records a decision: proposed, or decided at once when `cooperation` is given.',
    permission: 'decisions.change',
    body: terms.extend({
      environment: slug,
      cooperation: cooperation.optional(),
      incidentId: incidentName.optional(),
      alertId: id.optional(),
    }),
    reply: decisionDetail,
    status: 201,
    errors: [...answers],
  },
  decideDecision: {
    method: 'POST',
    path: '/api/decisions/:decisionId/decide',
    summary: 'Decides a proposal.',
    permission: 'decisions.change',
    params: byId,
    body: z.object({ cooperation }),
    reply: decisionDetail,
    errors: [...answers],
  },
  amendDecision: {
    method: 'POST',
    path: '/api/decisions/:decisionId/amend',
    summary: 'Adds an entry; what was said before stays.',
    permission: 'decisions.change',
    params: byId,
    body: terms.partial().extend({ reason: said }),
    reply: decisionDetail,
    errors: [...answers],
  },
  supersedeDecision: {
    method: 'POST',
    path: '/api/decisions/:decisionId/supersede',
    summary: 'Another decision takes its place.',
    permission: 'decisions.change',
    params: byId,
    body: z.object({ supersededBy: id }),
    reply: decisionDetail,
    errors: [...answers],
  },
  withdrawDecision: {
    method: 'POST',
    path: '/api/decisions/:decisionId/withdraw',
    summary: 'Withdraws a decision.',
    permission: 'decisions.change',
    params: byId,
    body: z.object({ reason: said }),
    reply: decisionDetail,
    errors: [...answers],
  },
  breakGlass: {
    method: 'POST',
    path: '/api/decisions/break-glass',
    summary:
      'Opens a flagged decision for a change that cannot wait; it is owed until written up and reviewed.',
    permission: 'decisions.change',
    body: z.object({
      environment: slug,
      why: said,
      openedAt: instant.optional(),
      incidentId: incidentName.optional(),
    }),
    reply: decisionDetail,
    status: 201,
    errors: [...answers],
  },
  writeUpDecision: {
    method: 'POST',
    path: '/api/decisions/:decisionId/write-up',
    summary: 'Explains a broken glass: what was done, why, and what came of it.',
    permission: 'decisions.change',
    params: byId,
    body: terms.extend({ result: said, cooperation }),
    reply: decisionDetail,
    errors: [...answers],
  },
  reviewDecision: {
    method: 'POST',
    path: '/api/decisions/:decisionId/review',
    summary: 'Reviews a broken glass; by somebody else than who broke it or wrote it up.',
    permission: 'decisions.change',
    params: byId,
    body: z.object({ verdict: z.enum(['accepted', 'objected']), note: text }),
    reply: decisionDetail,
    errors: [...answers],
  },
  exportDecisions: {
    method: 'GET',
    path: '/api/environments/:environment/decision-log.md',
    summary: 'The Decision Log of an environment as Markdown.',
    permission: 'decisions.read',
    params: z.object({ environment: slug }),
    reply: z.unknown(),
    errors: ['not-found'],
  },
})
