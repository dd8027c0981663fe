/** Time since the recording's start that never goes back: not when the clock is set, not when the laptop slept. */

export type ElapsedClock = { readonly startedAt: number; readonly elapsedMs: () => number }

/**
 * The monotonic clock stands still while a laptop sleeps and the wall clock may be set back: the steady one counts, and
 * whenever the wall clock is further, its lead is taken over for good.
 */
export const openElapsedClock = (
  wallMs: () => number = Date.now,
  steadyMs: () => number = () => performance.now(),
): ElapsedClock => {
  const startedAt = wallMs()
  const steadyStart = steadyMs()
  let lead = 0
  return {
    startedAt,
    elapsedMs: () => {
      const steady = steadyMs() - steadyStart
      lead = Math.max(lead, wallMs() - startedAt - steady)
      // A lead of a few milliseconds is the wall clock's own resolution.
      return Math.round(steady + (lead > 100 ? lead : 0))
    },
  }
}
