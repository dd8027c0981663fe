/** What the hold asks of other areas: the place that knows all areas hands it in, so that this one knows none. */
import type {
  HeldAlert,
  HeldPage,
  HeldShape,
  WaitingTask,
} from '../../../contract/installation/installation.ts'
import type { Db } from '../../platform/database.ts'

/** What one waiting task would do. */
export type Told = Pick<WaitingTask, 'page' | 'person' | 'channel'>

export type HoldNeighbours = {
  /** By task id; tasks that nobody can explain are absent. */
  readonly tell: (db: Db, taskIds: readonly string[]) => Promise<ReadonlyMap<string, Told>>
  readonly pages: (db: Db, heldAt: number, limit: number) => Promise<HeldPage[]>
  readonly alerts: (
    db: Db,
    heldAt: number,
    limit: number,
  ) => Promise<{ readonly alerts: HeldAlert[]; readonly counts: HeldShape['alertCounts'] }>
}
