// Medians of several runs, and the table that a bench prints.
export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The value below which this share of all lies (nearest rank). */
export const percentile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

export const whole = (value: number): string => Math.round(value).toLocaleString('en-US').replaceAll(',', ' ')
export const tenths = (value: number): string => value.toFixed(1)

/** A table as docs/performance.md has it. */
export const printTable = (head: readonly string[], rows: readonly (readonly string[])[]): void => {
  const all = [head, ...rows]
  const widths = head.map((_name, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  console.log(line(head))
  console.log(`|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`)
  for (const row of rows) console.log(line(row))
}

/** What was promised beside what was measured. A miss is said and fails nothing: only a reader knows how busy the machine was. */
export type Target = {
  readonly what: string
  readonly measured: number
  readonly atMost?: number
  readonly atLeast?: number
  readonly unit: string
}

export const judge = (targets: readonly Target[]): void => {
  for (const { what, measured, atMost, atLeast, unit } of targets) {
    const met = (atMost === undefined || measured <= atMost) && (atLeast === undefined || measured >= atLeast)
    const asked = atMost === undefined ? `at least ${whole(atLeast ?? 0)}` : `at most ${whole(atMost)}`
    console.log(`${met ? 'met   ' : 'MISSED'}  ${what}: ${whole(measured)} ${unit} (${asked})`)
  }
}
