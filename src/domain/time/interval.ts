/** Half-open stretches of time and sets of them: shifts, gaps, windows and uptime are all asked in these terms. */

/** From `from` on, up to but not including `to` (epoch milliseconds). */
export type Interval = { readonly from: number; readonly to: number }

/** Sorted, disjoint and never touching: two sets are equal exactly when their intervals are. */
export type IntervalSet = readonly Interval[]

export const contains = (interval: Interval, at: number): boolean => interval.from <= at && at < interval.to

/** Any intervals in any order, made a set; empty and reversed ones vanish. */
export const intervalSet = (intervals: readonly Interval[]): IntervalSet => {
  const sorted = intervals.filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from)
  const merged: { from: number; to: number }[] = []
  for (const { from, to } of sorted) {
    const last = merged.at(-1)
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to)
    else merged.push({ from, to })
  }
  return merged
}

export const union = (a: IntervalSet, b: IntervalSet): IntervalSet => intervalSet([...a, ...b])

export const intersect = (a: IntervalSet, b: IntervalSet): IntervalSet => {
  const shared: Interval[] = []
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) {
    const left = a[i]!
    const right = b[j]!
    const from = Math.max(left.from, right.from)
    const to = Math.min(left.to, right.to)
    if (from < to) shared.push({ from, to })
    if (left.to <= right.to) i += 1
    else j += 1
  }
  return shared
}

/** What of `a` is not in `b`. */
export const subtract = (a: IntervalSet, b: IntervalSet): IntervalSet => {
  const left: Interval[] = []
  let j = 0
  for (const { from, to } of a) {
    let start = from
    while (j < b.length && b[j]!.to <= start) j += 1
    for (let k = j; k < b.length && b[k]!.from < to; k += 1) {
      if (start < b[k]!.from) left.push({ from: start, to: b[k]!.from })
      start = b[k]!.to
    }
    if (start < to) left.push({ from: start, to })
  }
  return left
}

/** The parts of `within` that the set leaves open. */
export const gapsIn = (set: IntervalSet, within: Interval): IntervalSet =>
  subtract(intervalSet([within]), set)

/** @returns the set's length in milliseconds. */
export const measure = (set: IntervalSet): number => set.reduce((sum, { from, to }) => sum + (to - from), 0)
