/** Shifts as they were: in the past by the rota that was in force at each moment, for a rota changed since moves nobody's past duty. */
import type { Schedule } from '../../../../domain/operations/on-call/schedule.ts'
import { shiftsBetween, type Shift } from '../../../../domain/operations/on-call/shifts.ts'
import type { Interval } from '../../../../domain/time/interval.ts'
import { teamChangesIn, teamMembersAsKnown } from '../../../people/index.ts'
import type { Db } from '../../../platform/database.ts'
import { scheduleFrom } from '../as-known.ts'
import { teamsOf, type StoredSchedule } from '../definition.ts'
import { overrideAdded, overrideRemoved } from '../events.ts'
import { findPastEvents, ofLayers } from '../store.ts'

const clipped = (shift: Shift, { from, to }: Interval): Shift => ({
  ...shift,
  from: Math.max(shift.from, from),
  to: Math.min(shift.to, to),
})

const goesOn = (last: Shift, next: Shift): boolean =>
  last.to === next.from &&
  last.accountId === next.accountId &&
  last.forwardedFrom === next.forwardedFrom &&
  JSON.stringify(last.source) === JSON.stringify(next.source)

/** A change of the rota in the middle of a shift does not make two of it. */
const joined = (shifts: readonly Shift[]): Shift[] => {
  const found: Shift[] = []
  for (const shift of shifts) {
    const place = found.findIndex((last) => goesOn(last, shift))
    if (place < 0) found.push(shift)
    else found[place] = { ...found[place]!, to: shift.to }
  }
  return found
}

/**
 * Overrides and forwardings are as they are known today: who says now that they took over an hour ago did.
 * @param stored with the overrides from the beginning of the window on
 * @returns shifts clipped to the window, so that periods next to one another add up
 */
export const livedShifts = async (
  db: Db,
  stored: StoredSchedule,
  window: Interval,
  now: number,
): Promise<readonly Shift[]> => {
  const events = await findPastEvents(db, now, stored.id)
  const byOverride: readonly string[] = [overrideAdded.type, overrideRemoved.type]
  const definitions = events.filter(({ type }) => !byOverride.includes(type))
  const changes = [...definitions.map(({ at }) => at), ...(await teamChangesIn(db, window))]
  const edges = [...new Set([window.from, ...changes])]
    .filter((at) => at >= window.from && at < window.to)
    .sort((a, b) => a - b)
  const shifts: Shift[] = []
  for (const [place, from] of edges.entries()) {
    const to = edges[place + 1] ?? window.to
    const known = scheduleFrom(definitions.filter(({ at }) => at <= from))
    if (known === undefined || known.archivedAt !== null) continue
    const { layers } = known.rules
    const members = teamsOf(layers).length > 0 ? await teamMembersAsKnown(db, from) : {}
    const { overrides, forwardings } = stored.rules
    const rules: Schedule = { ...known.rules, overrides, forwardings, teams: ofLayers(members, layers) }
    shifts.push(...shiftsBetween(rules, from, to).map((shift) => clipped(shift, { from, to })))
  }
  return joined(shifts)
}
