/** Ends a window: at its announced end by a task, early by hand, or with its decision. What still fires pages in the same transaction, by a chain. */
import {
  apply,
  decide,
  type WindowCommand,
  type WindowEvent,
  type WindowState,
} from '../../../domain/operations/maintenance/window.ts'
import { isRefusal, type Refusal } from '../../../domain/refusal.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import { defineTask, type TaskKind } from '../../platform/tasks/task.ts'
import { windowEnded, windowExtended, windowPlanned } from './events.ts'
import { lockWindow, putWindow, stateOf, windowsUnder, type WindowRow } from './store.ts'

/**
 * In the lane of pages, like everything that may call somebody. Whatever it is late by costs nothing: past its end a
 * window keeps nothing quiet, and what it kept quiet before pages when this runs, once.
 */
export const maintenanceEnd: TaskKind<{ windowId: string }> = defineTask('maintenance.end', {
  lane: 'page',
  maxAttempts: 100,
  run: async (ctx, { windowId }) => {
    await record<unknown>(ctx, async (tx) => {
      const row = await lockWindow(tx.db, windowId)
      if (!row) return NOTHING_CHANGED
      // Ended already, or extended since this was due: both are answered by a refusal and need nothing.
      const ended = await commandWindow(tx, row, { kind: 'end', how: 'announced' })
      return isRefusal(ended) ? NOTHING_CHANGED : true
    })
  },
})

type Place = Pick<WindowRow, 'customer_id' | 'planned_at' | 'planned_by'>

const append = (tx: WriteTx, { customer_id }: Place, state: WindowState, event: WindowEvent): void => {
  const common = {
    stream: state.id,
    customerId: customer_id,
    environmentId: state.environmentId,
    refs: [
      ['window', state.id],
      ['decision', state.decisionId],
    ] as const,
  }
  const { endsAt } = state
  switch (event.kind) {
    case 'window-planned':
      tx.append(windowPlanned, {
        ...common,
        body: {
          decision: state.decisionId,
          scope: JSON.parse(JSON.stringify(state.scope)) as object,
          startsAt: state.startsAt,
          endsAt,
        },
      })
      tx.later(maintenanceEnd, { key: state.id, dueAt: endsAt, payload: { windowId: state.id } })
      return
    case 'window-extended':
      tx.append(windowExtended, { ...common, body: { from: event.from, endsAt, reason: event.reason } })
      tx.later(maintenanceEnd, { key: state.id, dueAt: endsAt, payload: { windowId: state.id } })
      return
    case 'window-ended':
      tx.append(windowEnded, {
        ...common,
        body: { how: event.how, announcedEndAt: state.announcedEndAt, endsAt },
      })
      tx.cancelTask(maintenanceEnd, state.id)
  }
}

/** @param row locked, or of a window that is only now planned (`state` null then) */
export const commandWindow = async (
  tx: WriteTx,
  row: WindowRow | Place,
  command: WindowCommand,
): Promise<WindowState | Refusal> => {
  const before = 'id' in row ? stateOf(row) : null
  const event = decide(before, command, tx.now)
  if (isRefusal(event)) return event
  const state = apply(before, event)
  const { customer_id, planned_at, planned_by } = row
  await putWindow(tx.db, state, { customer_id, planned_at, planned_by })
  append(tx, row, state, event)
  return state
}

/** With the decision that covered them. In the transaction in which it changed. */
export const endWindowsUnder = async (tx: WriteTx, decisionId: string): Promise<void> => {
  for (const windowId of await windowsUnder(tx.db, decisionId)) {
    const row = await lockWindow(tx.db, windowId)
    if (row) await commandWindow(tx, row, { kind: 'end', how: 'decision' })
  }
}
