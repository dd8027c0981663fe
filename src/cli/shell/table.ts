/** Rows as columns that fit a terminal; plain text when piped. */

const shown = (value: string, width: number): string =>
  value.length > width ? `${value.slice(0, Math.max(0, width - 1))}…` : value.padEnd(width)

/** Untrusted text must not drive the terminal: control characters are shown as a replacement sign. */
export const printable = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd')

const LAST_COLUMN_MAX = 80

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => {
  const clean = rows.map((row) => row.map(printable))
  const widths = head.map((title, column) =>
    Math.min(LAST_COLUMN_MAX, Math.max(title.length, ...clean.map((row) => (row[column] ?? '').length))),
  )
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => shown(cell, widths[column] ?? cell.length))
      .join('  ')
      .trimEnd()
  return [line(head), ...clean.map(line)]
}
