/** Rotations as a team's file spells them, read into the rules' words and written back. */
import type { Restriction, Rotation, WeekTime } from '../../../domain/operations/on-call/schedule.ts'
import { usualRestMs } from '../../../domain/operations/on-call/lint-rest.ts'
import { hour } from '../../../domain/time/instant.ts'
import type { Weekday } from '../../../domain/time/calendar-date.ts'
import {
  lookUp,
  WEEKDAYS,
  type Directory,
  type DocumentFault,
  type Names,
  type Read,
  type RotationDocument,
  type ScheduleDocument,
} from './configuration.ts'
import type { Layers, ScheduleDefinition } from './definition.ts'

type WeekTimeDocument = { readonly weekday: (typeof WEEKDAYS)[number]; readonly time: string }
type RestrictionDocument = NonNullable<RotationDocument['restriction']>

const weekTimeFrom = ({ weekday, time }: WeekTimeDocument): WeekTime => ({
  weekday: (WEEKDAYS.indexOf(weekday) + 1) as Weekday,
  time,
})

const weekTimeDocument = ({ weekday, time }: WeekTime): WeekTimeDocument => ({
  weekday: WEEKDAYS[weekday - 1] ?? 'monday',
  time,
})

const restrictionFrom = (given: RestrictionDocument): Restriction =>
  given.kind === 'time-of-day'
    ? given
    : {
        kind: given.kind,
        spans: given.spans.map(({ from, to }) => ({ from: weekTimeFrom(from), to: weekTimeFrom(to) })),
      }

const restrictionDocumentOf = (restriction: Restriction): RestrictionDocument =>
  restriction.kind === 'time-of-day'
    ? { ...restriction }
    : {
        kind: restriction.kind,
        spans: restriction.spans.map(({ from, to }) => ({
          from: weekTimeDocument(from),
          to: weekTimeDocument(to),
        })),
      }

/** The words of exactly one kind of rotation, or where the document says too little or too much. */
const kindFrom = (
  { everyHours, everyDays, everyWeeks, everyMonths, handOver }: RotationDocument,
  fault: (field: readonly string[], detail: string) => void,
) => {
  const lengths = [everyHours, everyDays, everyWeeks, everyMonths].filter((length) => length !== undefined)
  if (lengths.length !== 1)
    fault([], 'says how long a turn lasts with exactly one of everyHours, everyDays, everyWeeks, everyMonths')
  if (handOver.weekday !== undefined && everyWeeks === undefined)
    fault(['handOver', 'weekday'], 'stands only with everyWeeks')
  if (handOver.dayOfMonth !== undefined && everyMonths === undefined)
    fault(['handOver', 'dayOfMonth'], 'stands only with everyMonths')
  const { time } = handOver
  if (everyHours !== undefined) return { kind: 'hourly' as const, everyHours, handOver: { time } }
  if (everyDays !== undefined) return { kind: 'daily' as const, everyDays, handOver: { time } }
  if (everyMonths !== undefined) {
    if (handOver.dayOfMonth === undefined) fault(['handOver'], 'needs dayOfMonth with everyMonths')
    return { kind: 'monthly' as const, everyMonths, handOver: { dayOfMonth: handOver.dayOfMonth ?? 1, time } }
  }
  if (handOver.weekday === undefined) fault(['handOver'], 'needs weekday with everyWeeks')
  const at = weekTimeFrom({ weekday: handOver.weekday ?? 'monday', time })
  return { kind: 'weekly' as const, everyWeeks: everyWeeks ?? 1, handOver: at }
}

/** Only when `faults` is empty does the definition mean anything. */
export const definitionFromDocument = (
  document: Pick<ScheduleDocument, 'layers' | 'combine' | 'restHours'>,
  { accounts, teams }: Directory,
): Read<ScheduleDefinition> => {
  const faults: DocumentFault[] = []
  const layers: Layers = document.layers.map((given, layer) => {
    const { id, zone, startsOn, participants, restriction, endsOn, onlyOn } = given
    const kind = kindFrom(given, (field, detail) =>
      faults.push({ path: ['layers', layer, ...field], detail }),
    )
    return {
      ...kind,
      id,
      zone,
      startsOn,
      participants: participants.map((name, turn) => {
        const path = ['layers', layer, 'participants', turn]
        if (name === null) return null
        if (typeof name === 'string') return lookUp(accounts, 'member of staff', name, path, faults)
        return { team: lookUp(teams, 'team', name.team, [...path, 'team'], faults) }
      }),
      ...(restriction ? { restriction: restrictionFrom(restriction) } : {}),
      ...(endsOn === undefined ? {} : { endsOn }),
      ...(onlyOn === undefined ? {} : { onlyOn }),
    }
  })
  return { definition: { layers, combine: document.combine, restHours: document.restHours }, faults }
}

const kindDocument = (
  rotation: Rotation,
): Pick<RotationDocument, 'everyHours' | 'everyDays' | 'everyWeeks' | 'everyMonths' | 'handOver'> => {
  switch (rotation.kind) {
    case 'hourly':
      return { everyHours: rotation.everyHours, handOver: { ...rotation.handOver } }
    case 'daily':
      return { everyDays: rotation.everyDays, handOver: { ...rotation.handOver } }
    case 'weekly':
      return { everyWeeks: rotation.everyWeeks, handOver: weekTimeDocument(rotation.handOver) }
    case 'monthly':
      return { everyMonths: rotation.everyMonths, handOver: { ...rotation.handOver } }
  }
}

/** What is always written is never left as it was when the file is applied elsewhere. @param names must know every participant */
export const documentOfSchedule = (
  { slug, name, layers, combine, restHours }: ScheduleDefinition & { slug: string; name: string },
  { handles, teamSlugs }: Names,
): ScheduleDocument => ({
  slug,
  name,
  combine: combine ?? 'top',
  restHours: restHours ?? usualRestMs / hour,
  layers: layers.map((rotation) => ({
    id: rotation.id,
    ...kindDocument(rotation),
    zone: rotation.zone,
    participants: rotation.participants.map((participant) => {
      if (participant === null) return null
      if (typeof participant === 'string') return handles.get(participant) ?? participant
      return { team: teamSlugs.get(participant.team) ?? participant.team }
    }),
    startsOn: rotation.startsOn,
    ...(rotation.restriction ? { restriction: restrictionDocumentOf(rotation.restriction) } : {}),
    ...(rotation.endsOn === undefined ? {} : { endsOn: rotation.endsOn }),
    ...(rotation.onlyOn === undefined ? {} : { onlyOn: [...rotation.onlyOn] }),
  })),
})
