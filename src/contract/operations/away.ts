/** Leave and forwarding: who is away, which is said and moves no duty, and who answers for whom, which moves it for a time. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { done, id, instant, line, personRef } from '../shapes.ts'

/** From 1970 up to 2200, as everywhere in rotas. */
const pointInTime = instant.min(0).max(7_258_118_400_000, 'must lie before the year 2200')
const queryInstant = z.coerce.number().pipe(pointInTime)
/** Those that touch the window; from now on, and all that are known, when left out. */
const window = z.object({ from: queryInstant.optional(), to: queryInstant.optional() })
const can = z.object({ remove: z.boolean() })

const stretch = { from: instant, to: instant, reason: z.string().nullable(), addedAt: instant, can }
const wantedStretch = { from: pointInTime, to: pointInTime, reason: line(200).optional() }

export const absence = z.object({ id, person: personRef, ...stretch })
export type AbsenceReply = z.infer<typeof absence>
export const forwarding = z.object({ id, person: personRef, answers: personRef, ...stretch })
export type ForwardingReply = z.infer<typeof forwarding>

export const awayRoutes = defineRoutes({
  listAbsences: {
    method: 'GET',
    path: '/api/on-call/absences',
    summary:
      'Who is away, by the beginning. Leave moves no duty: being on call meanwhile is a finding of the rota.',
    permission: 'on-call.read',
    query: window,
    reply: z.object({ rows: z.array(absence) }),
  },
  addAbsence: {
    method: 'POST',
    path: '/api/on-call/absences',
    summary: 'Says that one is away, or, for those who may change schedules, that somebody else is.',
    permission: 'on-call.override',
    body: z.object({ accountId: id.optional(), ...wantedStretch }),
    reply: absence,
    status: 201,
    errors: ['invalid-input', 'conflict', 'not-allowed'],
  },
  removeAbsence: {
    method: 'DELETE',
    path: '/api/on-call/absences/:absence',
    summary: 'Takes leave back; that it was said stays on record.',
    permission: 'on-call.override',
    params: z.object({ absence: id }),
    reply: done,
    errors: ['not-found', 'conflict', 'not-allowed'],
  },
  listForwardings: {
    method: 'GET',
    path: '/api/on-call/forwardings',
    summary: 'Who answers for whom, by the beginning.',
    permission: 'on-call.read',
    query: window,
    reply: z.object({ rows: z.array(forwarding) }),
  },
  addForwarding: {
    method: 'POST',
    path: '/api/on-call/forwardings',
    summary:
      'For a time, whoever the rotas put on call is replaced by somebody else, in every rota. A forward is not forwarded on.',
    permission: 'on-call.override',
    body: z.object({ accountId: id.optional(), toAccountId: id, ...wantedStretch }),
    reply: forwarding,
    status: 201,
    errors: ['invalid-input', 'conflict', 'not-allowed'],
  },
  removeForwarding: {
    method: 'DELETE',
    path: '/api/on-call/forwardings/:forwarding',
    summary: 'Ends a forwarding; that it was there stays on record.',
    permission: 'on-call.override',
    params: z.object({ forwarding: id }),
    reply: done,
    errors: ['not-found', 'conflict', 'not-allowed'],
  },
})
