/** Keyset paging over a list in the order of a unique name: asks for one row more than shown, to know whether there are more. */

const USUAL_LIMIT = 100

export const pageThrough = async <Row, Shown>(
  limit: number = USUAL_LIMIT,
  fetch: (limit: number) => Promise<Row[]>,
  nameOf: (row: Row) => string,
  present: (row: Row) => Shown,
): Promise<{ rows: Shown[]; next: string | null }> => {
  const rows = await fetch(limit + 1)
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { rows: shown.map(present), next: rows.length > limit && last ? nameOf(last) : null }
}
