/** Service hours while somebody writes them. Fields for times know no 24:00: the end of a day is typed as 00:00. */
import { isDate } from '../../../parts/days.ts'
import { newKey } from '../../../parts/moved.ts'
import type { Hours } from './queries.ts'

type Window = Hours['windows'][number]
export type Day = Window['days'][number]
export const DAYS: readonly Day[] = [1, 2, 3, 4, 5, 6, 7]

export type WindowDraft = {
  readonly key: number
  readonly days: readonly Day[]
  readonly from: string
  readonly to: string
}
export type HoursDraft = {
  readonly name: string
  readonly slug: string
  readonly zone: string
  readonly windows: readonly WindowDraft[]
  readonly holidays: string
}

export const newWindow = (): WindowDraft => ({
  key: newKey(),
  days: [1, 2, 3, 4, 5],
  from: '06:00',
  to: '22:00',
})

/** @param zone of who writes, for new ones */
export const draftOf = (hours: Hours | undefined, zone: string): HoursDraft =>
  hours
    ? {
        name: hours.name,
        slug: hours.slug,
        zone: hours.zone,
        windows: hours.windows.map(({ days, from, to }) => ({
          key: newKey(),
          days,
          from,
          to: to === '24:00' ? '00:00' : to,
        })),
        holidays: hours.holidays.join('\n'),
      }
    : { name: '', slug: '', zone, windows: [newWindow()], holidays: '' }

const datesOf = (text: string): readonly string[] => [
  ...new Set(
    text
      .split(/[\s,]+/)
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  ),
]

/** The first that is no date; undefined when all are. */
export const notADate = ({ holidays }: HoursDraft): string | undefined =>
  datesOf(holidays).find((date) => !isDate(date))

export const isWhole = (draft: HoursDraft): boolean =>
  draft.name.trim() !== '' &&
  notADate(draft) === undefined &&
  draft.windows.every(({ days, from, to }) => days.length > 0 && from !== '' && to !== '')

export type Definition = Pick<Hours, 'zone' | 'windows' | 'holidays'>

export const definitionOf = ({ zone, windows, holidays }: HoursDraft): Definition => ({
  zone,
  windows: windows.map(({ days, from, to }) => ({
    days: DAYS.filter((day) => days.includes(day)),
    from,
    to: to === '00:00' ? '24:00' : to,
  })),
  holidays: datesOf(holidays).toSorted(),
})
