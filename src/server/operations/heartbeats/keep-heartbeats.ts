/** Heartbeats as people see and keep them, with what pings although nobody expects it. */
import type { HeartbeatReply, heartbeatRoutes } from '../../../contract/operations/heartbeats.ts'
import type { InputOf, ReplyOf } from '../../../contract/route.ts'
import type { Heartbeat } from '../../../domain/operations/heartbeats/heartbeat.ts'
import { may } from '../../../domain/people/permissions.ts'
import { environmentOrFault } from '../../people/environments/find-environment.ts'
import type { Ctx } from '../../platform/context.ts'
import { notFound } from '../../platform/faults.ts'
import { read } from '../../platform/record.ts'
import { defineHeartbeat, removeHeartbeat } from './change-heartbeat.ts'
import { findHeartbeat, findOrphans, listHeartbeatRows, type HeardHeartbeat } from './store.ts'

const stateOf = (row: HeardHeartbeat): HeartbeatReply['state'] => {
  if (!row.enabled) return 'off'
  if (row.expired_at !== null) return 'silent'
  return row.last_at === null ? 'waiting' : 'heard'
}

const present = (row: HeardHeartbeat): HeartbeatReply => ({
  name: row.name,
  description: row.description,
  alertMessage: row.alert_message,
  priority: row.priority,
  intervalMs: row.interval_ms,
  enabled: row.enabled,
  state: stateOf(row),
  lastPingAt: row.last_at,
  silentSince: row.expired_at,
})

export const listHeartbeats = (
  ctx: Ctx,
  { environment }: { environment: string },
): Promise<ReplyOf<typeof heartbeatRoutes.listHeartbeats>> =>
  read(ctx, async (db) => {
    const { id, archived_at } = await environmentOrFault(db, environment)
    return {
      rows: (await listHeartbeatRows(db, id)).map(present),
      orphans: (await findOrphans(db, id)).map((row) => ({
        name: row.name,
        lastPingAt: row.last_at,
        pings: row.count,
      })),
      can: { change: archived_at === null && may(ctx.actor, 'heartbeats.change') },
    }
  })

/** Only what is said: the rest stays as it is, or begins as usual. */
const changeIn = ({
  environment: _at,
  name: _called,
  ...said
}: InputOf<typeof heartbeatRoutes.putHeartbeat>) =>
  Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as Partial<Heartbeat>

export const putHeartbeat = async (
  ctx: Ctx,
  input: InputOf<typeof heartbeatRoutes.putHeartbeat>,
): Promise<HeartbeatReply> => {
  const { environment, name } = input
  const row = await defineHeartbeat(ctx, { environment, name, mode: 'either', changed: changeIn(input) })
  const heard = await read(ctx, (db) => findHeartbeat(db, row.environment_id, name))
  if (!heard) throw notFound('This heartbeat')
  return present(heard)
}

export const takeHeartbeatAway = async (
  ctx: Ctx,
  { environment, name }: { environment: string; name: string },
): Promise<{ done: true }> => {
  await removeHeartbeat(ctx, { environment, name })
  return { done: true }
}
