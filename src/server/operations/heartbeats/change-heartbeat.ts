/** Defines a heartbeat, changes it, switches it on and off, removes it. */
import type { Heartbeat } from '../../../domain/operations/heartbeats/heartbeat.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { record, type WriteTx } from '../../platform/record.ts'
import { heartbeatDefined, heartbeatRemoved } from './events.ts'
import { endSilence } from './ping-heartbeat.ts'
import { placeIn } from './place.ts'
import { lastPingOf, lockHeartbeat, putHeartbeat, type HeartbeatRow } from './store.ts'
import { arm, definitionOf, heartbeatDue } from './tasks.ts'

/**
 * @property mode `create` refuses a name that is taken, `change` one that is not there
 * @property environment slug or id, for a person; a key keeps those of its own
 * @property changed what becomes of the definition as it stands, or as it begins
 */
type Wanted = {
  readonly name: string
  readonly mode: 'create' | 'change' | 'either'
  readonly changed: Partial<Heartbeat>
  readonly environment?: string
}

export const defineHeartbeat = (ctx: Ctx, wanted: Wanted): Promise<HeartbeatRow> =>
  record(ctx, (tx) => defineHeartbeatIn(tx, wanted))

export const defineHeartbeatIn = async (
  tx: WriteTx,
  { name, mode, changed, environment }: Wanted,
): Promise<HeartbeatRow> => {
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
}

type Named = { readonly name: string; readonly environment?: string }

export const removeHeartbeat = async (ctx: Ctx, named: Named): Promise<void> => {
  await record(ctx, (tx) => removeHeartbeatIn(tx, named))
}

export const removeHeartbeatIn = async (tx: WriteTx, { name, environment }: Named): Promise<string> => {
  const { customerId, environmentId } = await placeIn(tx, environment)
  const row = await lockHeartbeat(tx.db, { environmentId, name })
  if (!row) throw notFound('This heartbeat')
  const ended = await endSilence(tx, row)
  await putHeartbeat(tx.db, { ...ended, removed_at: tx.now })
  tx.cancelTask(heartbeatDue, row.id)
  return tx.append(heartbeatRemoved, { stream: row.id, customerId, environmentId, body: { name } })
}
