/** What is said about response times. */
import { z } from 'zod'
import { defineEvent } from '../../../platform/events.ts'

/** By priority, 1 to 5; empty where there are none any more. */
export const responseTimesChosen = defineEvent('environment.response-times-chosen', {
  area: 'environments',
  body: z.object({ minutes: z.record(z.string(), z.number().int()) }),
})
