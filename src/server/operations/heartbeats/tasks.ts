/** Looks, when a heartbeat is due, whether it was heard; if not, says so, and a chain opens the alert that pages. */
import { silentFrom } from '../../../domain/operations/heartbeats/heartbeat.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import { defineTask, type TaskKind } from '../../platform/tasks/task.ts'
import { heartbeatExpired } from './events.ts'
import { lastPingOf, lockHeartbeat, putHeartbeat, type HeartbeatRow } from './store.ts'

/** In the lane of pages: it stands still while an installation is held, when nobody could have been heard. */
export const heartbeatDue: TaskKind<{ heartbeatId: string }> = defineTask('heartbeat.due', {
  lane: 'page',
  run: async (ctx, { heartbeatId }) => {
    await record<unknown>(ctx, async (tx) => {
      const row = await lockHeartbeat(tx.db, { id: heartbeatId })
      const lastPingAt = row && (await lastPingOf(tx.db, row))
      if (!row || lastPingAt === undefined || row.expired_at !== null) return NOTHING_CHANGED
      const from = silentFrom({ enabled: row.enabled, intervalMs: row.interval_ms }, lastPingAt)
      if (from === undefined) return NOTHING_CHANGED
      if (from > tx.now) return arm(tx, row, lastPingAt)
      await putHeartbeat(tx.db, { ...row, expired_at: tx.now })
      return tx.append(heartbeatExpired, {
        stream: row.id,
        customerId: row.customer_id,
        environmentId: row.environment_id,
        body: { ...definitionOf(row), lastPingAt },
      })
    })
  },
})

export const definitionOf = (row: HeartbeatRow) => ({
  name: row.name,
  description: row.description,
  alertMessage: row.alert_message,
  priority: row.priority,
  intervalMs: row.interval_ms,
  enabled: row.enabled,
})

/** One task a heartbeat, moved forward by every ping. */
export const arm = (tx: WriteTx, row: HeartbeatRow, lastPingAt: number | undefined): void => {
  const dueAt = silentFrom({ enabled: row.enabled, intervalMs: row.interval_ms }, lastPingAt)
  if (dueAt === undefined) tx.cancelTask(heartbeatDue, row.id)
  else tx.later(heartbeatDue, { key: row.id, dueAt, payload: { heartbeatId: row.id } })
}
