/** The entries of a Decision Log as events. The words are fields of the body, each disclosed or erased by itself. */
import { z } from 'zod'
import { cooperation, option } from '../../../contract/operations/decision-log.ts'
import { id, instant } from '../../../contract/shapes.ts'
import type { Terms } from '../../../domain/operations/decision-log/terms.ts'
import { defineEvent } from '../../platform/events.ts'

const words = {
  what: z.string(),
  why: z.string(),
  options: z.array(option),
  risk: z.string(),
  rollback: z.string(),
  validUntil: instant.nullable(),
}
const area = 'decisions'
const number = z.string()

export const decisionProposed = defineEvent('decision.proposed', {
  area,
  body: z.object({ number, ...words }),
})
export const decisionDecided = defineEvent('decision.decided', {
  area,
  contactsHear: true,
  body: z.object({ number, what: z.string(), by: id, cooperation }),
})
export const decisionAmended = defineEvent('decision.amended', {
  area,
  contactsHear: true,
  body: z.object({ number, reason: z.string(), ...words }),
})
export const decisionSuperseded = defineEvent('decision.superseded', {
  area,
  contactsHear: true,
  body: z.object({ number, supersededBy: id }),
})
export const decisionWithdrawn = defineEvent('decision.withdrawn', {
  area,
  contactsHear: true,
  body: z.object({ number, reason: z.string() }),
})
export const glassBroken = defineEvent('decision.glass-broken', {
  area,
  body: z.object({ number, glassWhy: z.string(), brokenAt: instant, writeUpBy: instant, reviewBy: instant }),
})
export const glassWrittenUp = defineEvent('decision.written-up', {
  area,
  contactsHear: true,
  body: z.object({ number, result: z.string(), cooperation, ...words }),
})
export const glassReviewed = defineEvent('decision.reviewed', {
  area,
  contactsHear: true,
  body: z.object({ number, verdict: z.enum(['accepted', 'objected']), note: z.string() }),
})

export const wordsOf = (terms: Terms) => ({
  what: terms.what,
  why: terms.why,
  options: terms.options.map(({ title, chosen, note }) => ({ title, chosen, note })),
  risk: terms.risk,
  rollback: terms.rollback,
  validUntil: terms.validUntil,
})
