/** Hand-over: a note drafted from what is open, written by who leaves and read by who takes over. Duty moves by the rota alone. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { id, instant, personRef, prose, slug } from '../shapes.ts'

const nameOrId = slug
const scheduleRef = z.object({ id, slug: z.string(), name: z.string() })
const handOver = {
  schedule: scheduleRef,
  /** When duty changes hands. */
  at: instant,
  outgoing: z.array(personRef),
  incoming: z.array(personRef),
}

/** `version` counts how often it was written; send it back as `ifVersion` so that two do not overwrite each other unseen. */
export const handOverNote = z.object({
  id,
  ...handOver,
  version: z.number().int(),
  text: z.string(),
  writtenBy: personRef,
  writtenAt: instant,
})
export type HandOverNoteReply = z.infer<typeof handOverNote>

const bySchedule = z.object({ schedule: nameOrId })

export const handOverRoutes = defineRoutes({
  draftHandOver: {
    method: 'GET',
    path: '/api/schedules/:schedule/hand-over',
    summary:
      'The next hand-over of a rota: who leaves, who comes, the note that was written for it, and a draft from open alerts, incidents, decisions owed, maintenance windows and the pages of this shift.',
    permission: 'on-call.read',
    params: bySchedule,
    reply: z.object({
      /** null: duty does not change hands in the next two months. */
      next: z.object({ ...handOver, note: handOverNote.nullable(), draft: z.string() }).nullable(),
      can: z.object({ write: z.boolean() }),
    }),
    errors: ['not-found'],
  },
  writeHandOver: {
    method: 'PUT',
    path: '/api/schedules/:schedule/hand-over',
    summary:
      'Keeps the note for a hand-over (`at`, one of the rota, up to a day ago). Whoever takes over is sent it when their shift begins, or at once when it has; until then it can be written again.',
    permission: 'on-call.override',
    params: bySchedule,
    body: z.object({ at: instant, text: prose(20_000).min(1), ifVersion: z.number().int().optional() }),
    reply: handOverNote,
    errors: ['not-found', 'conflict', 'not-allowed'],
  },
  listHandOvers: {
    method: 'GET',
    path: '/api/hand-over-notes',
    summary:
      'Notes of hand-overs, the latest first, at most 20. `mine=true`: those for me, from half a day before I take over to three days after.',
    permission: 'on-call.read',
    query: z.object({ schedule: nameOrId.optional(), mine: z.enum(['true']).optional() }),
    reply: z.object({ rows: z.array(handOverNote) }),
    errors: ['not-found'],
  },
})
