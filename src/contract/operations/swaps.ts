/** Swaps: asking a colleague to take a shift or to trade two, and their answer. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { id, instant, line, personRef, slug } from '../shapes.ts'
import { scheduleFinding } from './on-call.ts'

const nameOrId = slug
const pointInTime = instant.min(0).max(7_258_118_400_000, 'must lie before the year 2200')
const stretch = z.object({ from: pointInTime, to: pointInTime })

export const swapLeg = z.object({
  rotationId: z.string(),
  giver: personRef,
  taker: personRef,
  from: instant,
  to: instant,
})

/**
 * `legs`: one shift that is offered, or two that are traded, the asker's own first. Until it is `accepted` nobody's duty
 * moves. `why` says what made it `void`. Where the rota moves the shift, the swap moves with it; where the shift is gone,
 * it is void, and both are told.
 */
export const swapRow = z.object({
  id,
  schedule: z.object({ id, slug: z.string(), name: z.string() }),
  status: z.enum(['offered', 'accepted', 'declined', 'withdrawn', 'expired', 'void']),
  why: z.enum(['shift-gone', 'override-removed', 'schedule-archived']).nullable(),
  askedBy: personRef,
  askedOf: personRef,
  legs: z.array(swapLeg),
  note: z.string().nullable(),
  createdAt: instant,
  changedAt: instant,
  /** What would be wrong with the rest or the leave of the two if it were accepted. English sentences. */
  warnings: z.array(z.string()),
  can: z.object({ answer: z.boolean(), withdraw: z.boolean() }),
})
export type SwapReply = z.infer<typeof swapRow>

const bySwap = z.object({ swap: id })

export const swapRoutes = defineRoutes({
  listSwaps: {
    method: 'GET',
    path: '/api/swaps',
    summary:
      'Swaps that wait for an answer or were agreed to and are not over, and those that ended in the last 14 days.',
    permission: 'on-call.read',
    query: z.object({ schedule: nameOrId.optional() }),
    reply: z.object({ rows: z.array(swapRow) }),
    errors: ['not-found'],
  },
  offerSwap: {
    method: 'POST',
    path: '/api/schedules/:schedule/swaps',
    summary:
      'Asks a colleague (`with`: handle or id) to take hours of your own shift (`give`), or to trade them for hours of theirs (`take`). Nothing moves until they accept.',
    permission: 'on-call.override',
    params: z.object({ schedule: nameOrId }),
    body: z.object({
      with: z.string().min(1).max(254),
      give: stretch,
      take: stretch.optional(),
      note: line(200).optional(),
    }),
    reply: swapRow,
    status: 201,
    errors: ['not-found', 'invalid-input', 'conflict'],
  },
  acceptSwap: {
    method: 'POST',
    path: '/api/swaps/:swap/accept',
    summary: 'Agrees: the shifts change hands as overrides of this swap. A repeat changes nothing.',
    permission: 'on-call.override',
    params: bySwap,
    reply: z.object({ swap: swapRow, findings: z.array(scheduleFinding) }),
    errors: ['not-found', 'conflict'],
  },
  declineSwap: {
    method: 'POST',
    path: '/api/swaps/:swap/decline',
    summary: 'Says no: whoever has the shift keeps it.',
    permission: 'on-call.override',
    params: bySwap,
    reply: swapRow,
    errors: ['not-found', 'conflict'],
  },
  withdrawSwap: {
    method: 'POST',
    path: '/api/swaps/:swap/withdraw',
    summary:
      'Takes a question back that nobody answered: one’s own, or anybody’s for who may change schedules.',
    permission: 'on-call.override',
    params: bySwap,
    reply: swapRow,
    errors: ['not-found', 'conflict'],
  },
})
