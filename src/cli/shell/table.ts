/** Rows as columns that fit a terminal; plain text when piped. */
import { printable } from './printable.ts'

export { printable }

const shown = (value: string, width: number): string =>
  value.length > width ? `${value.slice(0, Math.max(0, width - 1))}…` : value.padEnd(width)

const GAP = '  '

/** @param columns width of the terminal: the last column gives way; undefined when piped, where nothing is cut */
export const table = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns?: number,
): string[] => {
  const clean = rows.map((row) => row.map(printable))
  const widths = head.map((title, column) =>
    Math.max(title.length, ...clean.map((row) => (row[column] ?? '').length)),
  )
  const last = widths.length - 1
  const before = widths.slice(0, last).reduce((sum, width) => sum + width + GAP.length, 0)
  if (columns !== undefined) widths[last] = Math.max(10, Math.min(widths[last] ?? 0, columns - before))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => shown(cell, widths[column] ?? cell.length))
      .join(GAP)
      .trimEnd()
  return [line(head), ...clean.map(line)]
}
