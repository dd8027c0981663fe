/** A call that nobody reports on any more is missed: the caller hung up, or the gateway is gone. */
import { record } from '../../platform/record.ts'
import { defineTask, type TaskKind } from '../../platform/tasks/task.ts'
import { moveCall, PHONE_CALL_OVER } from './move-call.ts'

/** In the lane of pages: what follows from it is an alert. */
export const phoneCallOver: TaskKind<{ callId: string }> = defineTask(PHONE_CALL_OVER, {
  lane: 'page',
  run: async (ctx, { callId }) => {
    await record<unknown>(ctx, (tx) => moveCall(tx, callId, { kind: 'give-up' }))
  },
})
