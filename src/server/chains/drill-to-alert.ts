/** Before link 1: a drill that was asked for comes in as an alert, through the same door as a machine's; when it ends, so does the alert. */
import { intakeOf } from '../operations/alerts/intake.ts'
import { closeOwnAlert } from '../operations/alerts/own-alert.ts'
import { alertOfDrill } from '../operations/paging/drills/drill-alert.ts'
import { findDrill } from '../operations/paging/drills/drill-store.ts'
import { drillAsked, drillMissed, drillProved } from '../operations/paging/drills/events.ts'
import type { Reactions } from '../platform/reactions.ts'
import type { WriteTx } from '../platform/record.ts'
import { defineTask, type TaskKind } from '../platform/tasks/task.ts'

/** With no more rights than an integration key of that environment has. Twice does no harm: the alert is known then. */
export const drillRing: TaskKind<{ drillId: string }> = defineTask('drill.ring', {
  lane: 'page',
  run: async ({ platform }, { drillId }) => {
    const row = await findDrill(platform.database.db, drillId)
    if (row?.status !== 'asked') return
    const now = platform.clock.now()
    const { alert, digest } = alertOfDrill(row, now)
    const key = {
      kind: 'integration',
      keyId: row.id,
      environmentId: row.environment_id,
      customerId: row.customer_id,
      via: 'integration',
    } as const
    await intakeOf(platform).submit(key, { alerts: [alert], digest, receivedAt: now })
  },
})

const end = async (tx: WriteTx, events: readonly { readonly streamId: string }[]): Promise<void> => {
  for (const { streamId } of events) {
    const row = await findDrill(tx.db, streamId)
    if (!row) continue
    const where = { customerId: row.customer_id, environmentId: row.environment_id }
    await closeOwnAlert(tx, where, row.fingerprint)
  }
}

export const drillToAlert = (reactions: Reactions): void => {
  reactions.on(drillAsked, async (tx, events) => {
    for (const { streamId } of events) tx.later(drillRing, { key: streamId, payload: { drillId: streamId } })
  })
  reactions.on(drillProved, end)
  reactions.on(drillMissed, end)
}
