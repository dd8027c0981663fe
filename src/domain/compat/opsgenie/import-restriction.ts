/** Time restrictions of a rotation: when it counts. What cannot be read refuses its rotation, which would otherwise count always. */
import { weekdayNames } from '../../time/calendar-date.ts'
import type { RestrictionDocument, WeekTimeDocument } from './document.ts'
import { at, entriesOf, imported, textAt, type Fate, type Place, type Taken } from './fields.ts'

const MOST_SPANS = 21
const WEEKDAYS: readonly string[] = weekdayNames.map((name) => name.toLowerCase())

const isWhole = (value: unknown, most: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most

const two = (number: number): string => String(number).padStart(2, '0')

const timeAt = (place: Place, edge: 'start' | 'end'): string | undefined => {
  const hours = at(place, `${edge}Hour`).value
  const minutes = at(place, `${edge}Min`).value ?? 0
  return isWhole(hours, 23) && isWhole(minutes, 59) ? `${two(hours)}:${two(minutes)}` : undefined
}

const UNREADABLE = {
  why: 'its time restriction has no hours and minutes, and without it it would count always',
}

const timesFate = (place: Place, to: string): Fate[] =>
  ['startDay', 'startHour', 'startMin', 'endDay', 'endHour', 'endMin'].map((field) =>
    imported(at(place, field), to),
  )

const dayTime = (place: Place): Taken<RestrictionDocument> => {
  const from = timeAt(place, 'start')
  const to = timeAt(place, 'end')
  if (from === undefined || to === undefined) return UNREADABLE
  return { taken: { kind: 'time-of-day', from, to }, fates: timesFate(place, `${from} to ${to}`) }
}

const weekTimeAt = (place: Place, edge: 'start' | 'end'): WeekTimeDocument | undefined => {
  const weekday = textAt(place, `${edge}Day`)?.toLowerCase()
  const time = timeAt(place, edge)
  return weekday === undefined || time === undefined || !WEEKDAYS.includes(weekday)
    ? undefined
    : { weekday, time }
}

const weekSpans = (places: readonly Place[]): Taken<RestrictionDocument> => {
  if (places.length === 0 || places.length > MOST_SPANS)
    return {
      why: `its time restriction names ${places.length} stretches of the week; 1 to ${MOST_SPANS} can be`,
    }
  const spans: { from: WeekTimeDocument; to: WeekTimeDocument }[] = []
  const fates: Fate[] = []
  for (const place of places) {
    const from = weekTimeAt(place, 'start')
    const to = weekTimeAt(place, 'end')
    if (!from || !to) return UNREADABLE
    spans.push({ from, to })
    fates.push(...timesFate(place, `${from.weekday} ${from.time} to ${to.weekday} ${to.time}`))
  }
  return { taken: { kind: 'weekday-and-time-of-day', spans }, fates }
}

/** @returns nothing taken (`null`) when the rotation is not restricted */
export const importRestriction = (place: Place): Taken<RestrictionDocument | null> => {
  if (place.value === undefined || place.value === null)
    return { taken: null, fates: [imported(place, 'not restricted')] }
  const kind = textAt(place, 'type')
  const listed = entriesOf(at(place, 'restrictions'))
  const single = at(place, 'restriction')
  if (kind === 'time-of-day' && listed.length > 1)
    return { why: 'a rotation is restricted to one time of the day here; make a rotation for each' }
  const restriction =
    kind === 'time-of-day'
      ? dayTime(listed[0] ?? single)
      : kind === 'weekday-and-time-of-day'
        ? weekSpans(listed)
        : { why: 'this kind of time restriction is not known, and without it it would count always' }
  if ('why' in restriction) return restriction
  return { ...restriction, fates: [imported(at(place, 'type'), kind ?? ''), ...restriction.fates] }
}
