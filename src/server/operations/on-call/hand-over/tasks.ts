/** What happens to a hand-over note later: whoever takes over is sent it when their shift begins. */
import { defineTask } from '../../../platform/tasks/task.ts'
import type { HandOverLetter } from './tell-hand-over.ts'

/** Whoever mails is loaded when there is something to mail. */
export const tellHandOver = defineTask<HandOverLetter>('hand-over-note.tell', {
  lane: 'mail',
  run: async (ctx, letter) => (await import('./tell-hand-over.ts')).tell(ctx, letter),
})
