/** The first start: the installation's row, the organisation's ledger log, and the event that says so. */
import { systemCtx, type Platform } from '../../platform/context.ts'
import { NOTHING_CHANGED, record } from '../../platform/record.ts'
import { insertLedgerLog, organisationLogExists } from '../ledger-log-store.ts'
import { installationCreated } from './events.ts'
import { findInstallation, insertInstallation, lockFirstStart } from './store.ts'

/**
 * The log is committed before the first event: the outbox remembers a log's id, and one that was rolled back with its
 * transaction would be remembered as well.
 */
const ensureOrganisationLog = (platform: Platform): Promise<void> =>
  platform.database.db.transaction().execute(async (tx) => {
    await lockFirstStart(tx)
    if (await organisationLogExists(tx)) return
    const now = platform.clock.now()
    await insertLedgerLog(tx, platform, {
      id: platform.ids.next(now),
      environmentId: null,
      customerId: null,
      now,
    })
  })

/** Safe when any number of processes start at once, and when a first start was killed half-way. */
export const ensureInstallation = async (platform: Platform): Promise<void> => {
  if (await findInstallation(platform.database.db)) return
  await ensureOrganisationLog(platform)
  await record(systemCtx(platform, 'first-start'), async (tx) => {
    await lockFirstStart(tx.db)
    if (await findInstallation(tx.db)) return NOTHING_CHANGED
    const row = { id: tx.id(), organisation: platform.config.ORGANISATION }
    await insertInstallation(tx.db, row, tx.now)
    tx.append(installationCreated, { stream: row.id, body: { organisation: row.organisation } })
    return undefined
  })
}
