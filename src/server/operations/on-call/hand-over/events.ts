/** That somebody wrote for whoever takes over; the words stand here alone. */
import { z } from 'zod'
import { id, instant } from '../../../../contract/shapes.ts'
import { defineEvent } from '../../../platform/events.ts'

export const handOverWritten = defineEvent('hand-over-note.written', {
  area: 'on-call',
  body: z.object({ scheduleId: id, handOverAt: instant, text: z.string() }),
})
