/** Changes what is recorded about an environment; before and after go into its ledger. */
import type { z } from 'zod'
import type { changedEnvironment, Environment } from '../../../contract/people/environments.ts'
import type { Ctx } from '../../platform/context.ts'
import { NOTHING_CHANGED, read, record, type WriteTx } from '../../platform/record.ts'
import { staffNamed } from '../accounts/find-account.ts'
import { changesBetween } from '../changes.ts'
import { environmentUpdated } from './events.ts'
import { environmentOrFault } from './find-environment.ts'
import { presentEnvironment } from './present.ts'
import { updateEnvironmentRow, type EnvironmentChange, type EnvironmentRow } from './store.ts'

type Wanted = z.output<typeof changedEnvironment>

const columns: Readonly<Record<string, keyof EnvironmentChange>> = {
  name: 'name',
  plan: 'plan',
  provider: 'provider',
  version: 'version',
  components: 'components',
  commissionedOn: 'commissioned_on',
  deliveryManager: 'delivery_manager_id',
}

const factsOf = (row: EnvironmentRow): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(columns).map(([field, column]) => [field, row[column as keyof EnvironmentRow]]),
  )

/** @returns false when nothing differed */
export const changeEnvironment = async (
  tx: WriteTx,
  before: EnvironmentRow,
  wanted: Wanted,
): Promise<boolean> => {
  const manager = wanted.deliveryManager ? await staffNamed(tx.db, wanted.deliveryManager) : undefined
  const deliveryManager = wanted.deliveryManager ? manager?.id : wanted.deliveryManager
  const changes = changesBetween(factsOf(before), { ...wanted, deliveryManager })
  if (changes.length === 0) return false
  const change = Object.fromEntries(changes.map(({ field, to }) => [columns[field] ?? field, to]))
  await updateEnvironmentRow(tx.db, before.id, change)
  tx.append(environmentUpdated, {
    stream: before.id,
    customerId: before.customer_id,
    environmentId: before.id,
    refs: [['environment', before.id]],
    body: { changes },
  })
  return true
}

export const updateEnvironment = async (
  ctx: Ctx,
  { environment, ...wanted }: { environment: string } & Wanted,
): Promise<Environment> => {
  await record(ctx, async (tx) => {
    const before = await environmentOrFault(tx.db, environment)
    return (await changeEnvironment(tx, before, wanted)) ? undefined : NOTHING_CHANGED
  })
  return read(ctx, async (db) => presentEnvironment(db, await environmentOrFault(db, environment)))
}
