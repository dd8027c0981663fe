/** Link 5 to 4: a shell opened by breaking the glass owes a decision, which is opened flagged in the same transaction. */
import type { Reactions } from '../platform/reactions.ts'
import { breakGlassIn } from '../operations/decision-log/index.ts'
import { sessionOpened } from '../operations/operator-log/index.ts'

export const recordingToDecision = (reactions: Reactions): void => {
  reactions.on(sessionOpened, async (tx, events) => {
    for (const { body } of events) {
      if (body.glassWhy === null || body.authority.kind !== 'break-glass') continue
      await breakGlassIn(tx, {
        id: body.authority.decisionId,
        environment: body.environment,
        why: body.glassWhy,
        ...(body.offline ? { openedAt: body.startedAt } : {}),
        ...(body.incidentId ? { incidentId: body.incidentId } : {}),
      })
    }
  })
}
