/** Somebody asks for a pack: what for, of which environments, for which time. A worker builds it. */
import type { auditPackRoutes } from '../../../contract/evidence/audit-packs.ts'
import type { InputOf } from '../../../contract/route.ts'
import { environmentNamed } from '../../people/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault } from '../../platform/faults.ts'
import { record, type WriteTx } from '../../platform/record.ts'
import { packRequested } from './events.ts'
import { insertPack } from './store.ts'
import { buildPackTask } from './tasks.ts'

type Wanted = InputOf<typeof auditPackRoutes.requestPack>

/** One pack, one customer: whoever gets it must not learn of another. */
const environmentsOf = async (
  tx: WriteTx,
  slugs: readonly string[],
): Promise<{ ids: string[]; customerId: string | null }> => {
  const ids: string[] = []
  const customers = new Set<string>()
  for (const slug of new Set(slugs)) {
    const environment = await environmentNamed(tx.db, slug)
    ids.push(environment.id)
    customers.add(environment.customer_id)
  }
  if (customers.size > 1)
    throw new Fault(
      'conflict',
      'These environments belong to several customers, and whoever gets a pack must not learn of another. Ask for one pack each.',
    )
  return { ids: ids.sort(), customerId: [...customers][0] ?? null }
}

export const requestPack = (ctx: Ctx, wanted: Wanted): Promise<string> =>
  record(ctx, async (tx) => {
    if (ctx.actor.kind !== 'person')
      throw new Fault('not-allowed', 'A pack is asked for by a person. Sign in first.')
    const { ids, customerId } = await environmentsOf(tx, wanted.environments ?? [])
    const id = tx.id()
    const eventId = tx.append(packRequested, {
      stream: id,
      refs: ids.map((environment) => ['environment', environment] as const),
      body: { purpose: wanted.purpose, environments: ids, from: wanted.from, to: wanted.to },
    })
    await insertPack(tx.db, {
      id,
      customer_id: customerId,
      environment_ids: ids,
      requested_by: ctx.actor.accountId,
      requested_event_id: eventId,
      requested_at: tx.now,
      from_at: wanted.from,
      to_at: wanted.to,
    })
    tx.later(buildPackTask, { key: id, payload: { packId: id } })
    return id
  })
