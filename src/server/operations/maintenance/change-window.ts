/** Plans, extends and finishes windows, under a decision that covers them. */
import type { maintenanceRoutes } from '../../../contract/operations/maintenance.ts'
import type { InputOf } from '../../../contract/route.ts'
import { coveredUntil } from '../../../domain/operations/decision-log/covered-until.ts'
import { coversChange } from '../../../domain/operations/decision-log/covers-change.ts'
import type { WindowCommand, WindowState } from '../../../domain/operations/maintenance/window.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault, notFound, refused } from '../../platform/faults.ts'
import { record, type WriteTx } from '../../platform/record.ts'
import { lockDecision, loadDecision } from '../decision-log/index.ts'
import { commandWindow } from './end-window.ts'
import { decisionOf, lockWindow } from './store.ts'

const personOf = (ctx: Ctx): string => {
  if (ctx.actor.kind === 'person') return ctx.actor.accountId
  throw new Fault('not-allowed', 'A window is planned by a member of the team.')
}

/** The decision is held: nobody withdraws it while something is planned under it. */
const coverOf = async (tx: WriteTx, decisionId: string) => {
  const row = await lockDecision(tx.db, decisionId)
  const decision = row && (await loadDecision(tx.db, decisionId))
  if (!row || !decision) throw notFound('This decision')
  const cover = coversChange(decision, row.environment_id, tx.now)
  if (isRefusal(cover)) throw refused(cover)
  return { row, until: coveredUntil(decision) }
}

const done = (answer: Awaited<ReturnType<typeof commandWindow>>): WindowState => {
  if (isRefusal(answer)) throw refused(answer)
  return answer
}

export const planWindow = (
  ctx: Ctx,
  { decisionId, startsAt, endsAt, scope }: InputOf<typeof maintenanceRoutes.planWindow>,
): Promise<string> =>
  record(ctx, async (tx) => {
    const by = personOf(ctx)
    const { row, until } = await coverOf(tx, decisionId)
    const windowId = tx.id()
    const place = { customer_id: row.customer_id, planned_at: tx.now, planned_by: by }
    const planned = await commandWindow(tx, place, {
      kind: 'plan',
      windowId,
      environmentId: row.environment_id,
      decisionId,
      scope,
      startsAt: startsAt ?? tx.now,
      endsAt,
      coveredUntil: until,
    })
    done(planned)
    return windowId
  })

/** The decision before the window, as everybody locks them. */
const changeWindow = (
  ctx: Ctx,
  windowId: string,
  commandOf: (tx: WriteTx, decisionId: string) => Promise<WindowCommand>,
): Promise<void> =>
  record(ctx, async (tx) => {
    personOf(ctx)
    const decisionId = await decisionOf(tx.db, windowId)
    if (!decisionId) throw notFound('This window')
    const command = await commandOf(tx, decisionId)
    const row = await lockWindow(tx.db, windowId)
    if (!row) throw notFound('This window')
    done(await commandWindow(tx, row, command))
  })

export const extendWindow = (
  ctx: Ctx,
  { windowId, endsAt, reason }: InputOf<typeof maintenanceRoutes.extendWindow>,
): Promise<void> =>
  changeWindow(ctx, windowId, async (tx, decisionId) => {
    const { until } = await coverOf(tx, decisionId)
    return { kind: 'extend', endsAt, reason, coveredUntil: until }
  })

export const finishWindow = (ctx: Ctx, { windowId }: { windowId: string }): Promise<void> =>
  changeWindow(ctx, windowId, async () => ({ kind: 'finish' }))
