/** What happens on the lines that people call. Who called, and where their message is kept, are words that can be erased. */
import { z } from 'zod'
import { defineEvent } from '../../platform/events.ts'

export const phoneLineDefined = defineEvent('phone-line.defined', {
  area: 'phone-lines',
  body: z.object({
    number: z.string(),
    name: z.string(),
    greeting: z.string(),
    priority: z.number().int(),
    ringSeconds: z.number().int(),
  }),
})
export const phoneLineRemoved = defineEvent('phone-line.removed', {
  area: 'phone-lines',
  body: z.object({ number: z.string() }),
})
export const phoneCallReceived = defineEvent('phone-call.received', {
  area: 'phone-lines',
  body: z.object({ line: z.string(), from: z.string(), rings: z.array(z.string()) }),
})
export const phoneCallPassedOn = defineEvent('phone-call.passed-on', {
  area: 'phone-lines',
  body: z.object({ account: z.string() }),
})
export const phoneCallTaken = defineEvent('phone-call.taken', {
  area: 'phone-lines',
  body: z.object({ account: z.string(), waitedMs: z.number().int() }),
})
export const phoneCallMissed = defineEvent('phone-call.missed', {
  area: 'phone-lines',
  body: z.object({
    line: z.string(),
    priority: z.number().int(),
    from: z.string(),
    waitedMs: z.number().int(),
  }),
})
export const phoneCallMessageLeft = defineEvent('phone-call.message-left', {
  area: 'phone-lines',
  body: z.object({ url: z.string() }),
})
