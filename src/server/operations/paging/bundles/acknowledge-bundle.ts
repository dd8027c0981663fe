/** Somebody takes what a message of several pages listed: those pages and those alerts, and nothing that came later. */
import type { WriteTx } from '../../../platform/record.ts'
import { acknowledgePageIn } from '../acknowledge-page.ts'
import { pageAnew } from '../request-page.ts'
import { lockPage } from '../store.ts'
import { findBundlePageIds, findCovered, lockAlertsOfBundle, takeOffLater } from './bundle-store.ts'

/** Pages that somebody has, or that are resolved, stay as they are. False when nothing was left to take. */
export const acknowledgeBundleIn = async (
  tx: WriteTx,
  bundleId: string,
  accountId: string,
): Promise<boolean> => {
  await lockAlertsOfBundle(tx.db, bundleId)
  let taken = false
  for (const pageId of await findBundlePageIds(tx.db, bundleId)) {
    const page = await lockPage(tx.db, pageId)
    if (page?.status !== 'open') continue
    const alertIds = await findCovered(tx.db, bundleId, pageId)
    const later = await takeOffLater(tx.db, bundleId, pageId)
    await acknowledgePageIn(tx, pageId, accountId, { id: bundleId, alertIds })
    const where = { customerId: page.customer_id, environmentId: page.environment_id }
    if (later.length > 0) await pageAnew(tx, where, page.routed_policy_id, later)
    taken = true
  }
  return taken
}
