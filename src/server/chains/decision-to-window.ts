/** A window stands under a decision: amended, withdrawn or superseded, it ends the window in the same transaction. */
import { onlyLastsLonger } from '../../domain/operations/decision-log/only-lasts-longer.ts'
import type { Terms } from '../../domain/operations/decision-log/terms.ts'
import { decisionAmended, decisionSuperseded, decisionWithdrawn } from '../operations/decision-log/events.ts'
import { loadDecision } from '../operations/decision-log/index.ts'
import { endWindowsUnder } from '../operations/maintenance/end-window.ts'
import type { Reactions } from '../platform/reactions.ts'
import type { WriteTx } from '../platform/record.ts'

const endAll = async (tx: WriteTx, events: readonly { readonly streamId: string }[]): Promise<void> => {
  for (const { streamId } of events) await endWindowsUnder(tx, streamId)
}

export const decisionToWindow = (reactions: Reactions): void => {
  reactions.on(decisionWithdrawn, endAll)
  reactions.on(decisionSuperseded, endAll)
  reactions.on(decisionAmended, async (tx, events) => {
    for (const { streamId, body } of events) {
      // History is written when the reactions are done: these are the words as they were.
      const before = (await loadDecision(tx.db, streamId))?.entries.at(-1)?.terms
      const { what, why, options, risk, rollback, validUntil } = body
      const after: Terms = { what, why, options, risk, rollback, validUntil }
      // Time alone, and more of it, is how an extension is decided; anything else was agreed anew.
      if (!before || !onlyLastsLonger(before, after)) await endWindowsUnder(tx, streamId)
    }
  })
}
