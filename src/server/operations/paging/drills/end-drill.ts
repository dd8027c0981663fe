/** A drill ends: taken by whom it was meant for, or missed. Its alert is over then, and nothing rings on. */
import { decideDrill, type DrillCommand } from '../../../../domain/operations/paging/drill.ts'
import { isRefusal } from '../../../../domain/refusal.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../../platform/record.ts'
import { defineTask, type TaskKind } from '../../../platform/tasks/task.ts'
import { lockDrill, lockDrillOfPage, putDrill, stateOfDrill, type DrillRow } from './drill-store.ts'
import { drillMissed, drillProved } from './events.ts'

/** A chain closes the alert: alerts are not ours. False when it had ended before. */
const endBy = async (tx: WriteTx, row: DrillRow, command: DrillCommand): Promise<boolean> => {
  const decided = decideDrill(stateOfDrill(row), command, tx.now)
  if (isRefusal(decided)) return false
  const [event] = decided
  const where = {
    stream: row.id,
    customerId: row.customer_id,
    environmentId: row.environment_id,
    ...(row.page_id ? { refs: [['page', row.page_id] as const] } : {}),
  }
  if (event?.kind === 'proved') {
    await putDrill(tx.db, { ...row, status: 'proved', ended_at: tx.now, taken_by: event.by })
    tx.append(drillProved, { ...where, body: { by: event.by, afterMs: tx.now - row.asked_at } })
  } else if (event?.kind === 'missed') {
    const by = command.kind === 'take' ? command.by : null
    await putDrill(tx.db, { ...row, status: 'missed', why: event.why, ended_at: tx.now, taken_by: by })
    tx.append(drillMissed, { ...where, body: { why: event.why } })
  }
  tx.cancelTask(drillDeadline, row.id)
  return true
}

/** Somebody took a page: if that was a drill, it is over. */
export const endDrillOfPage = async (tx: WriteTx, pageId: string, by: string): Promise<void> => {
  const row = await lockDrillOfPage(tx.db, pageId)
  if (row) await endBy(tx, row, { kind: 'take', by })
}

export const drillDeadline: TaskKind<{ drillId: string }> = defineTask('drill.deadline', {
  lane: 'page',
  run: async (ctx, { drillId }) => {
    await record<unknown>(ctx, async (tx) => {
      const row = await lockDrill(tx.db, drillId)
      return row && (await endBy(tx, row, { kind: 'expire' })) ? true : NOTHING_CHANGED
    })
  },
})
