/** The rota as a timeline: every shift that touches a window, whole, as calendars, hand-over notes and capacity need it. */
import type { Interval } from '../../time/interval.ts'
import { dutyAt, type Duty, type DutySource } from './duty.ts'
import type { Schedule } from './schedule.ts'

/** @property to after the next shift's `from` only where the clock goes back across the hand-over: both are then on call */
export type Shift = Interval & { readonly accountId: string; readonly source: DutySource }

const isSameRotation = (duty: Duty, next: Duty): boolean =>
  duty.source?.kind === 'rotation' &&
  next.source?.kind === 'rotation' &&
  duty.source.rotationId === next.source.rotationId

const shiftOf = (schedule: Schedule, duty: Duty): Shift | null => {
  const { accountId, source, from, until, relievedAt } = duty
  if (accountId === null || source === null || from === null || until === null) return null
  if (relievedAt === null || relievedAt <= until) return { accountId, source, from, to: until }
  // The overlap belongs to the hand-over between two turns: an override that begins in it ends it.
  const next = dutyAt(schedule, until)
  const to = isSameRotation(duty, next) ? Math.min(relievedAt, next.until ?? relievedAt) : until
  return { accountId, source, from, to }
}

/**
 * @param schedule must have passed `checkSchedule`
 * @returns the shifts that touch [from, to), unclipped, in order of their beginning; nothing where nobody is on call.
 * The work grows with the number of shifts in the window, which the caller bounds.
 */
export const shiftsBetween = (schedule: Schedule, from: number, to: number): readonly Shift[] => {
  if (!(from < to)) return []
  const shifts: Shift[] = []
  const first = dutyAt(schedule, from)
  if (first.from !== null) {
    const outgoing = shiftOf(schedule, dutyAt(schedule, first.from - 1))
    if (outgoing !== null && outgoing.to > from) shifts.push(outgoing)
  }
  let duty = first
  for (;;) {
    const shift = shiftOf(schedule, duty)
    if (shift !== null) shifts.push(shift)
    if (duty.until === null || duty.until >= to) return shifts
    duty = dutyAt(schedule, duty.until)
  }
}
