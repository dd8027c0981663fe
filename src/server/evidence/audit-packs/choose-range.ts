/** Which entries of a log a period needs: all that are dated in it, and one beyond each end, so that a reader sees the cut is outside. */
import type { Tx } from '../../platform/database.ts'
import { findEdges, findFirstBehind } from './gather-store.ts'

/** Entries [from, to). */
export type EntryRange = { readonly from: number; readonly to: number }

/**
 * Entries are dated when they happened: an upload that came late stands far behind its time. So the range reaches to the
 * last entry dated in the period, wherever it stands, and then on to the first dated behind it.
 */
export const chooseRange = async (
  db: Tx,
  logId: string,
  size: number,
  period: { readonly from: number; readonly to: number },
): Promise<EntryRange> => {
  if (size === 0) return { from: 0, to: 0 }
  const { first, last } = await findEdges(db, logId, size, period.from, period.to)
  const begins = first ?? size
  const behind = await findFirstBehind(db, logId, size, last ?? begins - 1, period.to)
  return { from: Math.max(0, begins - 1), to: behind === null ? size : behind + 1 }
}
