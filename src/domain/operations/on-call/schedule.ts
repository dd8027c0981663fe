/** What a rota is made of: layers of rotations, and overrides on top; plain data, so that any version of it can be asked about any instant. */
import type { Refusal } from '../../refusal.ts'
import type { CalendarDate, Weekday } from '../../time/calendar-date.ts'

/**
 * An account id; or a team, whose members are on call together; or null for a turn in which this rotation puts nobody on
 * call and lower layers show through.
 */
export type Participant = string | { readonly team: string } | null

/** A moment of the week by the wall clock. */
export type WeekTime = { readonly weekday: Weekday; readonly time: string }

/**
 * When a rotation counts at all; outside it has nobody. Times are wall times of the rotation's zone, `to` before `from`
 * goes over midnight or over the weekend, and `to` equal to `from` means always.
 */
export type Restriction =
  | { readonly kind: 'time-of-day'; readonly from: string; readonly to: string }
  | {
      readonly kind: 'weekday-and-time-of-day'
      readonly spans: readonly { readonly from: WeekTime; readonly to: WeekTime }[]
    }

type AnyRotation = {
  readonly id: string
  readonly zone: string
  readonly participants: readonly Participant[]
  readonly startsOn: CalendarDate
  readonly restriction?: Restriction | undefined
  /** The last date on which it counts; for ever when left out. */
  readonly endsOn?: CalendarDate | undefined
  /** It counts on these dates alone, from midnight to midnight, within its restriction: a layer for holidays. */
  readonly onlyOn?: readonly CalendarDate[] | undefined
}

/**
 * One participant, n weeks, handed over at a wall time of a zone.
 * Turns are counted from the hand-over on or last before `startsOn`: starting in mid-week, the first participant takes
 * the rest of that turn, from the beginning of that day, so that a rota made on a Wednesday has somebody on call on Wednesday.
 */
export type WeeklyRotation = AnyRotation & {
  readonly kind: 'weekly'
  readonly everyWeeks: number
  readonly handOver: WeekTime
}

/** Counted from `startsOn`, whose hand-over begins the first turn. */
export type DailyRotation = AnyRotation & {
  readonly kind: 'daily'
  readonly everyDays: number
  readonly handOver: { readonly time: string }
}

/** Where a month has no such day, it is handed over on its last. Counted from the hand-over on or last before `startsOn`. */
export type MonthlyRotation = AnyRotation & {
  readonly kind: 'monthly'
  readonly everyMonths: number
  readonly handOver: { readonly dayOfMonth: number; readonly time: string }
}

/**
 * Aligned to the wall clock: every n hours as the clock counts them, from `handOver.time` on `startsOn`. The hour that the
 * clock shows twice is one turn of two hours, and the turn of an hour that it skips does not take place.
 */
export type HourlyRotation = AnyRotation & {
  readonly kind: 'hourly'
  readonly everyHours: number
  readonly handOver: { readonly time: string }
}

export type Rotation = HourlyRotation | DailyRotation | WeeklyRotation | MonthlyRotation

/**
 * Replaces whoever the layers say; null means that nobody is on call on purpose. Where overrides overlap, the later in the list wins.
 * With `rotationIds` it takes the place of these rotations' people alone, while they have somebody; overrides of the whole
 * schedule go before those.
 */
export type Override = {
  readonly id: string
  readonly accountId: string | null
  readonly from: number
  readonly to: number
  readonly rotationIds?: readonly string[] | undefined
}

/**
 * For a time, whoever would be on call is replaced by somebody else, in every rota and also where an override put them.
 * A forward is not forwarded on. Where two of one person overlap, the later in the list wins.
 */
export type Forwarding = {
  readonly id: string
  readonly accountId: string
  readonly toAccountId: string
  readonly from: number
  readonly to: number
}

/** Somebody is away. It moves no duty: it is something to be seen before the day comes. */
export type Absence = {
  readonly id: string
  readonly accountId: string
  readonly from: number
  readonly to: number
}

/** `top`: the highest layer that has somebody decides. `all`: whoever any rotation has is on call, together, in the order of the layers. */
export type Combine = 'top' | 'all'

/** @property teams who is in a team, in their order, for teams among the participants; a team that is not in it has nobody */
export type Schedule = {
  readonly id: string
  /** Ordered from the bottom up. */
  readonly layers: readonly Rotation[]
  readonly overrides: readonly Override[]
  /** `top` when left out. */
  readonly combine?: Combine | undefined
  readonly teams?: Readonly<Record<string, readonly string[]>> | undefined
  readonly forwardings?: readonly Forwarding[] | undefined
  readonly absences?: readonly Absence[] | undefined
  /** Hours of rest that one has between two stretches of being on call; 11 when left out, 0 when nobody looks. */
  readonly restHours?: number | undefined
}

export type ScheduleRefusal = Refusal<
  | 'unknown-zone'
  | 'hand-over-invalid'
  | 'turn-length-invalid'
  | 'start-date-invalid'
  | 'no-participants'
  | 'too-many-participants'
  | 'restriction-invalid'
  | 'end-date-invalid'
  | 'dates-invalid'
  | 'override-empty'
  | 'duplicate-id'
>

/** @returns who is on call in a turn of this participant; empty for nobody */
export const crewOf = ({ teams }: Pick<Schedule, 'teams'>, participant: Participant): readonly string[] => {
  if (participant === null) return []
  return typeof participant === 'string' ? [participant] : (teams?.[participant.team] ?? [])
}
