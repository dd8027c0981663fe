/** SQL of the engine's beat. */
import type { DutyFinding } from '../../../../domain/operations/paging/duty-check.ts'
import type { Db } from '../../../platform/database.ts'

export type BeatRow = { one: boolean; beat_at: number; checked_at: number; findings: unknown }

declare module '../../../platform/database.ts' {
  interface Tables {
    paging_beat: BeatRow
  }
}

export const findBeat = (db: Db): Promise<BeatRow | undefined> =>
  db.selectFrom('paging_beat').selectAll().executeTakeFirst()

/** @param checked what a check of duty found; undefined when it was not due */
export const putBeat = async (
  db: Db,
  at: number,
  checked: readonly DutyFinding[] | undefined,
): Promise<void> => {
  const check = checked === undefined ? {} : { checked_at: at, findings: JSON.stringify(checked) }
  await db
    .insertInto('paging_beat')
    .values({ one: true, beat_at: at, checked_at: 0, findings: '[]', ...check })
    .onConflict((conflict) => conflict.column('one').doUpdateSet({ beat_at: at, ...check }))
    .execute()
}
