/** Changes what is recorded about an environment; before and after go into its ledger. */
import type { z } from 'zod'
import type { changedEnvironment, Environment } from '../../../contract/people/environments.ts'
import type { Ctx } from '../../platform/context.ts'
import { NOTHING_CHANGED, read, record, type WriteTx } from '../../platform/record.ts'
import { staffNamed } from '../accounts/find-account.ts'
import { changesBetween, refuseOvertaken } from '../changes.ts'
import { environmentUpdated } from './events.ts'
import { environmentOrFault } from './find-environment.ts'
import { presentEnvironment } from './present.ts'
import {
  holdEnvironment,
  updateEnvironmentRow,
  type EnvironmentChange,
  type EnvironmentRow,
} from './store.ts'

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

/** A person may be named by handle or id; recorded is the id. */
const withManagerId = async (
  tx: WriteTx,
  fields: Omit<Wanted, 'expects'>,
): Promise<Record<string, unknown>> => ({
  ...fields,
  ...(fields.deliveryManager
    ? { deliveryManager: (await staffNamed(tx.db, fields.deliveryManager)).id }
    : {}),
})

/** @returns false when nothing differed */
export const changeEnvironment = async (
  tx: WriteTx,
  before: EnvironmentRow,
  wanted: Wanted,
): Promise<boolean> => {
  const { expects, ...fields } = wanted
  const facts = factsOf(before)
  if (expects) refuseOvertaken(before.slug, facts, await withManagerId(tx, expects))
  const changes = changesBetween(facts, await withManagerId(tx, fields))
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
    const named = await environmentOrFault(tx.db, environment)
    // What was expected is compared with what nobody can change meanwhile.
    await holdEnvironment(tx.db, named.id)
    const before = await environmentOrFault(tx.db, named.id)
    return (await changeEnvironment(tx, before, wanted)) ? undefined : NOTHING_CHANGED
  })
  return read(ctx, async (db) => presentEnvironment(db, await environmentOrFault(db, environment)))
}
