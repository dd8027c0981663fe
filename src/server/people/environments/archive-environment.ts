/** Archives an environment, or takes it back: its integration keys stop working, its history stays readable. */
import type { Environment } from '../../../contract/people/environments.ts'
import type { Ctx } from '../../platform/context.ts'
import { NOTHING_CHANGED, read, record, type WriteTx } from '../../platform/record.ts'
import { customerNamed } from '../customers/find-customer.ts'
import { environmentArchived, environmentRestored } from './events.ts'
import { environmentOrFault } from './find-environment.ts'
import { forgetIntegrationKeys } from './integration-key.ts'
import { presentEnvironment } from './present.ts'
import { updateEnvironmentRow, type EnvironmentRow } from './store.ts'

const about = (row: EnvironmentRow) => ({
  stream: row.id,
  customerId: row.customer_id,
  environmentId: row.id,
  refs: [['environment', row.id]] as const,
  body: {},
})

/** @returns false when it was archived already */
export const putEnvironmentAway = async (tx: WriteTx, row: EnvironmentRow): Promise<boolean> => {
  if (row.archived_at !== null) return false
  await updateEnvironmentRow(tx.db, row.id, { archived_at: tx.now })
  tx.append(environmentArchived, about(row))
  return true
}

/** @returns false when it was in use already */
export const takeEnvironmentBack = async (tx: WriteTx, row: EnvironmentRow): Promise<boolean> => {
  if (row.archived_at === null) return false
  await customerNamed(tx.db, row.customer_id)
  await updateEnvironmentRow(tx.db, row.id, { archived_at: null })
  tx.append(environmentRestored, about(row))
  return true
}

const through =
  (move: (tx: WriteTx, row: EnvironmentRow) => Promise<boolean>) =>
  async (ctx: Ctx, { environment }: { environment: string }): Promise<Environment> => {
    await record(ctx, async (tx) => {
      const moved = await move(tx, await environmentOrFault(tx.db, environment))
      return moved ? undefined : NOTHING_CHANGED
    })
    forgetIntegrationKeys(ctx.platform)
    return read(ctx, async (db) => presentEnvironment(db, await environmentOrFault(db, environment)))
  }

export const archiveEnvironment = through(putEnvironmentAway)
export const restoreEnvironment = through(takeEnvironmentBack)
