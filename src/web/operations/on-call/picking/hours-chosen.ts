/** Hours that somebody chooses on the rota: from where they press to where they let go, or step by step with the keys. */
import type { Week } from '../week-spans.ts'

export type Stretch = { readonly from: number; readonly to: number }

export const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** The whole hour of a day's clock nearest to a place in a week; 0 is the beginning of its Monday, 1 the end of its Sunday. */
export const hourAt = (week: Week, place: number): number => {
  const inDays = Math.min(7, Math.max(0, place * 7))
  const day = week.days[Math.min(6, Math.floor(inDays))]!
  const within = (inDays - Math.min(6, Math.floor(inDays))) * (day.to - day.from)
  return Math.min(day.to, day.from + Math.round(within / HOUR_MS) * HOUR_MS)
}

/** Between two hours in either order; an hour at least. */
export const between = (one: number, other: number): Stretch => {
  const from = Math.min(one, other)
  return { from, to: Math.max(one, other, from + HOUR_MS) }
}

const steps: Readonly<Record<string, number>> = {
  ArrowLeft: -HOUR_MS,
  ArrowRight: HOUR_MS,
  ArrowUp: -DAY_MS,
  ArrowDown: DAY_MS,
}

/**
 * Arrows move the hours by an hour or a day; with Shift their end alone.
 * @returns undefined for a key that means nothing here
 */
export const stepped = (
  { from, to }: Stretch,
  { key, shiftKey }: { readonly key: string; readonly shiftKey: boolean },
  within: Stretch,
): Stretch | undefined => {
  const step = steps[key]
  if (step === undefined) return undefined
  if (shiftKey) return { from, to: Math.min(within.to, Math.max(from + HOUR_MS, to + step)) }
  const most = Math.max(within.from - from, Math.min(within.to - to, step))
  return { from: from + most, to: to + most }
}
