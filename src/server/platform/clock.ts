/** The one clock of a process, kept in step with the database's so that any number of processes agree on "now". */
import type { Pool } from 'pg'

/** `now()` is epoch milliseconds. Tests and the simulator hand in their own. */
export type Clock = { readonly now: () => number }

export type DisciplinedClock = Clock & {
  /** Measures the offset again; returns it in milliseconds (database minus this machine). */
  readonly discipline: () => Promise<number>
  readonly offsetMs: () => number
}

/** More than this and `watch` alarms: leases and escalation steps of two processes would disagree. */
export const CLOCK_SKEW_ALARM_MS = 2_000

/**
 * A clock that follows the database. The offset is measured against the middle of the round trip, the best of three;
 * between measurements the machine's own clock runs. This file is the only place that asks SQL for the time.
 */
export const databaseClock = (pool: Pool): DisciplinedClock => {
  let offset = 0
  const measure = async (): Promise<{ offset: number; roundTripMs: number }> => {
    const before = Date.now()
    const { rows } = await pool.query<{ at: number }>(
      'select extract(epoch from clock_timestamp())::float8 * 1000 as at',
    )
    const after = Date.now()
    return { offset: Math.round((rows[0]?.at ?? after) - (before + after) / 2), roundTripMs: after - before }
  }
  return {
    now: () => Date.now() + offset,
    offsetMs: () => offset,
    discipline: async () => {
      const samples = [await measure(), await measure(), await measure()]
      samples.sort((a, b) => a.roundTripMs - b.roundTripMs)
      const best = samples[0]
      // Differences inside the round trip are noise; following them would make `now` go backwards for nothing.
      if (best && Math.abs(best.offset - offset) > Math.max(5, best.roundTripMs)) offset = best.offset
      return offset
    },
  }
}

export const fixedClock = (
  start: number,
): Clock & { advance: (ms: number) => void; set: (at: number) => void } => {
  let at = start
  return {
    now: () => at,
    advance: (ms) => {
      at += ms
    },
    set: (next) => {
      at = next
    },
  }
}
