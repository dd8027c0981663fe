/** Defines a heartbeat, changes it, switches it on and off, removes it. */
import type { Heartbeat } from '../../../domain/operations/heartbeats/heartbeat.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { record } from '../../platform/record.ts'
import { heartbeatDefined, heartbeatRemoved } from './events.ts'
import { endSilence } from './ping-heartbeat.ts'
import { placeIn } from './place.ts'
import { lastPingOf, lockHeartbeat, putHeartbeat, type HeartbeatRow } from './store.ts'
import { arm, definitionOf, heartbeatDue } from './tasks.ts'

/**
 * @param mode `create` refuses a name that is taken, `change` one that is not there
 * @param environment slug or id, for a person; a key keeps those of its own
 * @param changed what becomes of the definition as it stands, or as it begins
 */
export const defineHeartbeat = (
  ctx: Ctx,
  {
    name,
    mode,
    changed,
    environment,
  }: {
    name: string
    mode: 'create' | 'change' | 'either'
    changed: Partial<Heartbeat>
    environment?: string
  },
): Promise<HeartbeatRow> =>
  record(ctx, async (tx) => {
    const { customerId, environmentId } = await placeIn(tx, environment)
    const before = await lockHeartbeat(tx.db, { environmentId, name })
    if (before && mode === 'create')
      throw new Fault('already-exists', 'There is a heartbeat of this name. Nothing was changed.')
    if (!before && mode === 'change') throw notFound('This heartbeat')
    const row: HeartbeatRow = {
      id: before?.id ?? tx.id(),
      customer_id: customerId,
      environment_id: environmentId,
      name: changed.name ?? name,
      description: changed.description ?? before?.description ?? '',
      alert_message: changed.alertMessage ?? before?.alert_message ?? '',
      // Silence is how an outage of the monitoring itself looks: it wakes somebody unless somebody says otherwise.
      priority: changed.priority ?? before?.priority ?? 1,
      interval_ms: changed.intervalMs ?? before?.interval_ms ?? 600_000,
      enabled: changed.enabled ?? before?.enabled ?? true,
      expired_at: before?.expired_at ?? null,
      created_at: before?.created_at ?? tx.now,
      removed_at: null,
    }
    await putHeartbeat(tx.db, row)
    tx.append(heartbeatDefined, { stream: row.id, customerId, environmentId, body: definitionOf(row) })
    const kept = row.enabled ? row : await endSilence(tx, row)
    if (kept.expired_at === null) arm(tx, kept, await lastPingOf(tx.db, kept))
    return kept
  })

export const removeHeartbeat = async (
  ctx: Ctx,
  { name, environment }: { name: string; environment?: string },
): Promise<void> => {
  await record(ctx, async (tx) => {
    const { customerId, environmentId } = await placeIn(tx, environment)
    const row = await lockHeartbeat(tx.db, { environmentId, name })
    if (!row) throw notFound('This heartbeat')
    const ended = await endSilence(tx, row)
    await putHeartbeat(tx.db, { ...ended, removed_at: tx.now })
    tx.cancelTask(heartbeatDue, row.id)
    return tx.append(heartbeatRemoved, { stream: row.id, customerId, environmentId, body: { name } })
  })
}
