/** Within how many minutes somebody should have a page, by environment and priority: what steps of a policy may be parts of. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { environmentRef, id, slug } from '../shapes.ts'

const minutes = z
  .number()
  .int()
  .min(1)
  .max(7 * 24 * 60)
/** A priority that is not named has no response time. */
export const responseMinutes = z.strictObject({
  P1: minutes.optional(),
  P2: minutes.optional(),
  P3: minutes.optional(),
  P4: minutes.optional(),
  P5: minutes.optional(),
})

export const responseTimesRow = z.object({ environment: environmentRef, minutes: responseMinutes })
export type ResponseTimesReply = z.infer<typeof responseTimesRow>

export const responseTimeRoutes = defineRoutes({
  listResponseTimes: {
    method: 'GET',
    path: '/api/response-times',
    summary: 'Response times of the environments that have any.',
    permission: 'on-call.read',
    reply: z.object({ rows: z.array(responseTimesRow), can: z.object({ change: z.boolean() }) }),
  },
  putResponseTimes: {
    method: 'PUT',
    path: '/api/environments/:environment/response-times',
    summary: 'Says all response times of an environment; none takes them away. Pages under way keep theirs.',
    permission: 'on-call.change',
    params: z.object({ environment: slug.or(id) }),
    body: responseMinutes,
    reply: responseTimesRow,
    errors: ['not-found', 'conflict'],
  },
})
