/** Keyset paging: a list's next part begins behind the last row shown, so that page 2,000 costs what page 1 costs. */
import { isUuid } from './ids.ts'
import { Fault } from './faults.ts'

/** [instant, id] of the last row seen; lists are ordered by both, newest first. */
export type Keyset = readonly [at: number, id: string]

export const DEFAULT_LIMIT = 50

/** @param after `next` of the reply before; undefined for the first part */
export const readKeyset = (after: string | undefined): { before?: Keyset } => {
  if (after === undefined) return {}
  const [, at = '', id = ''] = /^(\d{1,15})_(.{36})$/.exec(after) ?? []
  if (!isUuid(id)) throw new Fault('bad-request', 'Pass `next` of the reply before as `after`, unchanged.')
  return { before: [Number(at), id] }
}

/** Ask the store for one row more than `limit`: whether it came says whether there is a next part. */
export const cutPage = <Row>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => Keyset,
): { shown: Row[]; next: string | null } => {
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  return { shown, next: last === undefined ? null : keyOf(last).join('_') }
}
