/** The rota as a timeline: every shift that touches a window, whole, as calendars, hand-over notes and capacity need it. */
import type { Interval } from '../../time/interval.ts'
import { tracksOf } from './duty.ts'
import type { Schedule } from './schedule.ts'
import type { DutySource, Somebody, Stretch, Track } from './stretch.ts'

/** @property to after the next shift's `from` only where several are on call together, or the clock goes back across the hand-over */
export type Shift = Interval & Somebody & { readonly source: DutySource }

const isSameRotation = (stretch: Stretch, next: Stretch): boolean =>
  stretch.source?.kind === 'rotation' &&
  next.source?.kind === 'rotation' &&
  stretch.source.rotationId === next.source.rotationId

const endOf = (track: Track, { source, until, relievedAt, ...rest }: Stretch): number | null => {
  if (until === null || relievedAt === null || relievedAt <= until) return until
  // The overlap belongs to the hand-over between two turns: an override that begins in it ends it.
  const next = track(until)
  const same = isSameRotation({ source, until, relievedAt, ...rest }, next)
  return same ? Math.min(relievedAt, next.until ?? relievedAt) : until
}

const shiftsOf = (track: Track, stretch: Stretch): readonly Shift[] => {
  const { people, source, from } = stretch
  if (people.length === 0 || source === null || from === null) return []
  const to = endOf(track, stretch)
  return to === null ? [] : people.map((somebody) => ({ ...somebody, source, from, to }))
}

const shiftsOfTrack = (track: Track, from: number, to: number): readonly Shift[] => {
  const shifts: Shift[] = []
  let stretch = track(from)
  if (stretch.from !== null) {
    shifts.push(...shiftsOf(track, track(stretch.from - 1)).filter((outgoing) => outgoing.to > from))
  }
  for (;;) {
    shifts.push(...shiftsOf(track, stretch))
    if (stretch.until === null || stretch.until >= to) return shifts
    stretch = track(stretch.until)
  }
}

/**
 * @param schedule must have passed `checkSchedule`
 * @returns the shifts that touch [from, to), unclipped, in order of their beginning; nothing where nobody is on call.
 * The work grows with the number of shifts in the window, which the caller bounds.
 */
export const shiftsBetween = (schedule: Schedule, from: number, to: number): readonly Shift[] => {
  if (!(from < to)) return []
  return tracksOf(schedule)
    .flatMap((track) => shiftsOfTrack(track, from, to))
    .sort((a, b) => a.from - b.from)
}
