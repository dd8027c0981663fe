/** A restored installation is released: pages and promises that were expired end with an outcome that says so. */
import { installationReleased } from '../installation/events.ts'
import { expireWaiting } from '../operations/paging/expire-waiting.ts'
import type { Reactions } from '../platform/reactions.ts'

export const restoreToPaging = (reactions: Reactions): void => {
  reactions.on(installationReleased, async (tx, events) => {
    for (const { body } of events) await expireWaiting(tx, body.expired)
  })
}
