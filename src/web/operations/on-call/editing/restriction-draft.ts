/** When a rotation counts, as somebody writes it: always, between two times of each day, or in stretches of the week. */
import { newKey } from '../../../parts/moved.ts'
import type { Input } from '../../../shell/api.ts'

type Restriction = NonNullable<Input<'POST /api/schedules/preview'>['layers'][number]['restriction']>
type WeekTime = Extract<Restriction, { kind: 'weekday-and-time-of-day' }>['spans'][number]['from']
export type Weekday = WeekTime['weekday']

export type SpanDraft = {
  readonly key: number
  readonly fromDay: string
  readonly fromTime: string
  readonly toDay: string
  readonly toTime: string
}
/** What is not chosen keeps what was typed, for whoever looks and comes back. */
export type RestrictionDraft = {
  readonly counts: 'always' | 'time-of-day' | 'weekday-and-time-of-day'
  readonly dayFrom: string
  readonly dayTo: string
  readonly spans: readonly SpanDraft[]
}

export const newSpan = (): SpanDraft => ({
  key: newKey(),
  fromDay: '5',
  fromTime: '18:00',
  toDay: '1',
  toTime: '08:00',
})

export const unrestricted = (): RestrictionDraft => ({
  counts: 'always',
  dayFrom: '18:00',
  dayTo: '08:00',
  spans: [newSpan()],
})

export const restrictionDraft = (restriction: Restriction | undefined): RestrictionDraft => {
  const draft = unrestricted()
  if (restriction === undefined) return draft
  const { kind: counts } = restriction
  if (counts === 'time-of-day') return { ...draft, counts, dayFrom: restriction.from, dayTo: restriction.to }
  const spans = restriction.spans.map(({ from, to }) => ({
    key: newKey(),
    fromDay: String(from.weekday),
    fromTime: from.time,
    toDay: String(to.weekday),
    toTime: to.time,
  }))
  return { ...draft, counts, spans }
}

const weekTime = (day: string, time: string): WeekTime => ({ weekday: Number(day) as Weekday, time })

export const restrictionOf = ({
  counts,
  dayFrom,
  dayTo,
  spans,
}: RestrictionDraft): Restriction | undefined => {
  switch (counts) {
    case 'always':
      return undefined
    case 'time-of-day':
      return { kind: counts, from: dayFrom, to: dayTo }
    case 'weekday-and-time-of-day':
      return {
        kind: counts,
        spans: spans.map((span) => ({
          from: weekTime(span.fromDay, span.fromTime),
          to: weekTime(span.toDay, span.toTime),
        })),
      }
  }
}
