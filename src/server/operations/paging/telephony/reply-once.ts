/** A reply counts once: a signed request stays valid for ever, and one that comes again would take whatever page is open by then. */
import { createHash } from 'node:crypto'
import { systemCtx, type Platform } from '../../../platform/context.ts'
import { NOTHING_CHANGED, record } from '../../../platform/record.ts'
import { forgetReply, noteReply } from './reply-store.ts'

/**
 * Noted before it is worked: of two that come at once one is worked. What could not be worked is forgotten again.
 * @param messageId what the carrier calls it; without one nothing can be known again
 * @returns undefined for what was worked before
 */
export const replyOnce = async <T>(
  platform: Platform,
  messageId: string | undefined,
  work: () => Promise<T>,
): Promise<T | undefined> => {
  if (!messageId) return work()
  const digest = createHash('sha256').update(messageId).digest()
  const ctx = systemCtx(platform, 'telephony')
  let isNew = false
  await record<unknown>(ctx, async (tx) => {
    isNew = await noteReply(tx.db, digest, tx.now)
    if (isNew) tx.observed()
    return NOTHING_CHANGED
  })
  if (!isNew) return undefined
  try {
    return await work()
  } catch (error) {
    await record<unknown>(ctx, async (tx) => {
      tx.observed()
      await forgetReply(tx.db, digest)
      return NOTHING_CHANGED
    })
    throw error
  }
}
