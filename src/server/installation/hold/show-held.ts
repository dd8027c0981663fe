/** Before an administrator lets go: what would fire, which pages ring, and what the sources still report. */
import { MOST_LISTED, type HeldShape, type WaitingTask } from '../../../contract/installation/installation.ts'
import type { Ctx } from '../../platform/context.ts'
import { read } from '../../platform/record.ts'
import { countWaiting, findWaiting, type WaitingRow } from '../store/hold.ts'
import { findOrigin } from './find-origin.ts'
import type { HoldNeighbours, Told } from './neighbours.ts'

const present = (row: WaitingRow, told: Told | undefined, heldAt: number): WaitingTask => ({
  id: row.id,
  kind: row.kind,
  dueAt: row.due_at,
  fromBackup: row.created_at < heldAt,
  attempt: row.attempt,
  ...(told ?? { page: null, person: null, channel: null }),
})

const nothing: HeldShape = {
  held: null,
  kinds: [],
  tasks: [],
  pages: [],
  alerts: [],
  alertCounts: { notClosed: 0, seenSince: 0 },
}

export const showHeld = async (ctx: Ctx, neighbours: HoldNeighbours): Promise<HeldShape> => {
  const held = await findOrigin(ctx)
  if (!held) return nothing
  const now = ctx.platform.clock.now()
  return read(ctx, async (db) => {
    const kinds = await countWaiting(db, held.since, now)
    const waiting = await findWaiting(db, MOST_LISTED)
    const told = await neighbours.tell(
      db,
      waiting.map(({ id }) => id),
    )
    const { alerts, counts } = await neighbours.alerts(db, held.since, MOST_LISTED)
    return {
      held,
      kinds: kinds.map((row) => ({
        kind: row.kind,
        waiting: row.waiting,
        due: row.due,
        fromBackup: row.from_backup,
        standsStill: row.stands_still,
      })),
      tasks: waiting.map((row) => present(row, told.get(row.id), held.since)),
      pages: await neighbours.pages(db, held.since, MOST_LISTED),
      alerts,
      alertCounts: counts,
    }
  })
}
