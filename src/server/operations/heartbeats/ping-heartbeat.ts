/** Something says that it is alive. A name that nobody defined is taken, too: its pings wait to be looked at. */
import type { Ctx } from '../../platform/context.ts'
import type { IntegrationActor } from '../../platform/actor.ts'
import { Fault } from '../../platform/faults.ts'
import { record, type WriteTx } from '../../platform/record.ts'
import { heartbeatReturned } from './events.ts'
import { lockHeartbeat, putHeartbeat, putPing, type HeartbeatRow } from './store.ts'
import { arm } from './tasks.ts'

/** Of one environment, defined ones not counted: a script that makes up names must not fill the disk. */
const MOST_NAMES = 1_000

export const keyOf = (ctx: Ctx): IntegrationActor => {
  if (ctx.actor.kind !== 'integration')
    throw new Fault('not-allowed', 'Heartbeats are kept with an integration key of their environment.')
  return ctx.actor
}

/** It is heard again, or nobody expects it any more: the silence is over, and a chain closes its alert. */
export const endSilence = async (tx: WriteTx, row: HeartbeatRow): Promise<HeartbeatRow> => {
  if (row.expired_at === null) return row
  tx.append(heartbeatReturned, {
    stream: row.id,
    customerId: row.customer_id,
    environmentId: row.environment_id,
    body: { name: row.name, silentMs: tx.now - row.expired_at },
  })
  const heard = { ...row, expired_at: null }
  await putHeartbeat(tx.db, heard)
  return heard
}

/** @returns whether somebody defined it */
export const pingHeartbeat = (ctx: Ctx, { name }: { name: string }): Promise<boolean> => {
  const { customerId, environmentId } = keyOf(ctx)
  return record(ctx, async (tx) => {
    tx.observed()
    const row = await lockHeartbeat(tx.db, { environmentId, name })
    await putPing(tx.db, { customerId, environmentId, name, at: tx.now, mostNames: MOST_NAMES })
    if (row) arm(tx, await endSilence(tx, row), tx.now)
    return row !== undefined
  })
}
