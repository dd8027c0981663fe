/** Whom P1 would wake, and which ways to reach people work in this installation. */
import { z } from 'zod'
import { contactKind } from '../people/contact-methods.ts'
import { defineRoutes } from '../route.ts'
import { instant, personRef } from '../shapes.ts'

export const readinessRow = z.object({
  person: personRef,
  ready: z.boolean(),
  /** no-way-wakes: no proven call or text message, and no app that woke them in a drill. rules-let-sleep: at some hour their rules leave it out. */
  why: z.enum(['no-way-wakes', 'rules-let-sleep']).nullable(),
  /** The first hour at which it would not wake them, for rules-let-sleep. */
  at: instant.nullable(),
  /** When a page, drilled or real, last reached them and they took it. */
  provenAt: instant.nullable(),
  /** Within the last week; where not, it is red. */
  proven: z.boolean(),
})
export type ReadinessRow = z.input<typeof readinessRow>

export const readinessRoutes = defineRoutes({
  showReadiness: {
    method: 'GET',
    path: '/api/readiness',
    summary:
      'Which of those who may take pages P1 would wake: only a proven call or text message does, or an app that woke them in a drill',
    permission: 'on-call.read',
    reply: z.object({
      rows: z.array(readinessRow),
      ways: z.array(z.object({ kind: contactKind, works: z.boolean(), why: z.string().nullable() })),
    }),
  },
})
