/** Creates an environment together with its ledger log: from its first event on, it has evidence of its own. */
import type { z } from 'zod'
import type { Environment, newEnvironment } from '../../../contract/people/environments.ts'
import type { Ctx } from '../../platform/context.ts'
import { record, type WriteTx } from '../../platform/record.ts'
import { staffNamed } from '../accounts/find-account.ts'
import { customerNamed } from '../customers/find-customer.ts'
import { insertLedgerLog } from '../ledger-log-store.ts'
import { sayingWhatExists } from '../unique.ts'
import { environmentCreated } from './events.ts'
import { environmentOrFault } from './find-environment.ts'
import { presentEnvironment } from './present.ts'
import { insertEnvironment, type EnvironmentRow } from './store.ts'

export const environmentExists = {
  environments_slug_key:
    'An environment with this slug exists, perhaps archived. Choose another or restore it.',
}

type Wanted = z.output<typeof newEnvironment>

export const addEnvironment = async (tx: WriteTx, wanted: Wanted): Promise<EnvironmentRow> => {
  const customer = await customerNamed(tx.db, wanted.customer)
  const manager = wanted.deliveryManager ? await staffNamed(tx.db, wanted.deliveryManager) : undefined
  const id = tx.id()
  const facts = {
    plan: wanted.plan ?? null,
    provider: wanted.provider ?? null,
    version: wanted.version ?? null,
    components: wanted.components ?? [],
  }
  await insertEnvironment(tx.db, {
    id,
    customer_id: customer.id,
    slug: wanted.slug,
    name: wanted.name,
    ...facts,
    commissioned_on: wanted.commissionedOn ?? null,
    delivery_manager_id: manager?.id ?? null,
    archived_at: null,
    created_at: tx.now,
  })
  await insertLedgerLog(tx.db, tx.ctx.platform, {
    id: tx.id(),
    environmentId: id,
    customerId: customer.id,
    now: tx.now,
  })
  tx.append(environmentCreated, {
    stream: id,
    customerId: customer.id,
    environmentId: id,
    refs: [
      ['environment', id],
      ['customer', customer.id],
    ],
    body: {
      slug: wanted.slug,
      name: wanted.name,
      ...facts,
      commissionedOn: wanted.commissionedOn ?? null,
      deliveryManager: manager?.id ?? null,
    },
  })
  return environmentOrFault(tx.db, id)
}

export const createEnvironment = (ctx: Ctx, input: Wanted): Promise<Environment> =>
  sayingWhatExists(environmentExists, () =>
    record(ctx, async (tx) => presentEnvironment(tx.db, await addEnvironment(tx, input))),
  )
