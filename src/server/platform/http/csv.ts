/** Tables that people open in a spreadsheet: RFC 4180, and never a formula. */
import { raw, type RawReply } from './raw-reply.ts'

type Cell = string | number | null

/** A cell that a spreadsheet would run as a formula becomes text (OWASP, "CSV injection"); a number stays one. */
export const csvCell = (value: Cell): string => {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const text = value.replace(/^(?=[=+\-@\t\r])/, "'")
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

export const csvText = (head: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [head, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('')

/** @param name of the file, our own words */
export const csvReply = (name: string, text: string): RawReply =>
  raw((reply) =>
    reply
      .type('text/csv; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; filename="${name}.csv"`)
      .send(text),
  )
