/** Words that are erased, in fields or in recordings, leave the audit packs that hold them, in the same transaction: those packs are handed out no more. */
import { withdrawPacksWithErasedWords } from '../evidence/audit-packs/index.ts'
import { erasureExecuted } from '../evidence/ledger/index.ts'
import { sessionRedacted } from '../operations/operator-log/index.ts'
import type { Reactions } from '../platform/reactions.ts'

export const erasureToPacks = (reactions: Reactions): void => {
  reactions.on(erasureExecuted, async (tx, events) => {
    for (const { environmentId } of events) await withdrawPacksWithErasedWords(tx, environmentId ?? null)
  })
  reactions.on(sessionRedacted, async (tx, events) => {
    for (const { environmentId } of events) await withdrawPacksWithErasedWords(tx, environmentId ?? null)
  })
}
