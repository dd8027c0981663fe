/** One rotation becomes one layer: turns, hand-over by the wall clock of the schedule's zone, and whose turn it is. */
import { weekdayNames, weekdayOf } from '../../time/calendar-date.ts'
import { nextOffsetChange, wallTimeAt } from '../../time/zone.ts'
import { referenceFate, type Directories } from './directory.ts'
import type { ParticipantDocument, RotationDocument } from './document.ts'
import { at, changed, entriesOf, imported, refusedField, textAt } from './fields.ts'
import type { Fate, Place, Taken } from './fields.ts'
import { CALLED_BY_SLUG } from './import-teams.ts'
import { importRestriction } from './import-restriction.ts'
import { slugOf, type Names } from './naming.ts'
import { END_OF_ROTAS, instantAt } from './source-instant.ts'

const MOST_PARTICIPANTS = 100

/** By the type's name: the field of ours and the longest turn. */
const TURNS: Readonly<
  Record<string, readonly ['everyHours' | 'everyDays' | 'everyWeeks' | 'everyMonths', number]>
> = {
  hourly: ['everyHours', 720],
  daily: ['everyDays', 365],
  weekly: ['everyWeeks', 52],
  monthly: ['everyMonths', 12],
}

type Beginning = Pick<RotationDocument, 'startsOn' | 'handOver'>

const beginning = (rotation: Place, type: string, zone: string): Taken<Beginning> => {
  const place = at(rotation, 'startDate')
  const instant = instantAt(place)
  if (instant === undefined || instant < 0 || instant >= END_OF_ROTAS)
    return { why: 'its start date cannot be read, so whose turn it is cannot be known' }
  const wall = wallTimeAt(instant, zone)
  const startsOn = wall.slice(0, 10)
  const time = wall.slice(11, 16)
  const weekday = weekdayNames[weekdayOf(startsOn) - 1]?.toLowerCase() ?? 'monday'
  const handOver = {
    ...(type === 'weekly' ? { weekday } : {}),
    ...(type === 'monthly' ? { dayOfMonth: Number(startsOn.slice(8, 10)) } : {}),
    time,
  }
  const to = `${type === 'weekly' ? `${weekday} ` : ''}${startsOn} ${time} ${zone}`
  const fate =
    instant % 60_000 === 0 ? imported(place, to) : changed(place, to, 'hands over at whole minutes')
  return { taken: { startsOn, handOver }, fates: [fate] }
}

const NOBODY_INSTEAD = 'keeps its turn, in which nobody is on call, so that the turns of the others stay'

const participantFrom = (
  place: Place,
  { people, teams }: Directories,
): { to: ParticipantDocument; lost: boolean; fates: Fate[] } => {
  const type = textAt(place, 'type')
  if (type === 'none') return { to: null, lost: false, fates: [imported(place, 'nobody')] }
  const known =
    type === 'user'
      ? people.find(place)
      : type === 'team'
        ? teams.find(place)
        : { why: type === 'escalation' ? 'an escalation cannot take a turn here' : 'takes no turns here' }
  if ('why' in known)
    return { to: null, lost: true, fates: [refusedField(place, `${known.why}; ${NOBODY_INSTEAD}`)] }
  const fates = ['type', 'id', 'username', 'name'].map((field) => referenceFate(at(place, field), known))
  return { to: type === 'team' ? { team: known.to } : known.to, lost: false, fates }
}

const participantsFrom = (
  rotation: Place,
  directories: Directories,
): Taken<readonly ParticipantDocument[]> => {
  const places = entriesOf(at(rotation, 'participants'))
  if (places.length === 0) return { why: 'nobody takes turns in it' }
  if (places.length > MOST_PARTICIPANTS)
    return { why: `it has ${places.length} participants; ${MOST_PARTICIPANTS} can take turns here` }
  const turns = places.map((place) => participantFrom(place, directories))
  if (turns.some(({ lost }) => lost) && turns.every(({ to }) => to === null))
    return { why: 'none of its participants was taken over' }
  return { taken: turns.map(({ to }) => to), fates: turns.flatMap(({ fates }) => fates) }
}

const endFate = (rotation: Place, now: number): Taken<null> => {
  const place = at(rotation, 'endDate')
  if (place.value === undefined || place.value === null)
    return { taken: null, fates: [imported(place, 'no end')] }
  const end = instantAt(place)
  if (end !== undefined && end <= now) return { why: 'it has ended' }
  const why = 'a rotation has no end here: take it out of the schedule on that day'
  return { taken: null, fates: [refusedField(place, why)] }
}

const turnFrom = (rotation: Place): Taken<Pick<RotationDocument, 'everyHours'>> & { type?: string } => {
  const type = textAt(rotation, 'type')?.toLowerCase() ?? ''
  const [field, most] = (Object.hasOwn(TURNS, type) ? TURNS[type] : undefined) ?? []
  if (field === undefined || most === undefined) return { why: 'turns of this type are not known here' }
  const length = at(rotation, 'length').value ?? 1
  if (typeof length !== 'number' || !Number.isInteger(length) || length < 1 || length > most)
    return { why: `a ${type} turn lasts 1 to ${most} here` }
  const fates = [imported(at(rotation, 'length'), field), imported(at(rotation, 'type'), field)]
  return { type, taken: { [field]: length }, fates }
}

const BY_THE_WALL_CLOCK =
  'hours are those of the wall clock: the turn in which the clock changes is an hour longer or shorter'

export type OfSchedule = {
  readonly zone: string
  readonly directories: Directories
  readonly ids: Names
  readonly now: number
}

export const importRotation = (
  rotation: Place,
  { zone, directories, ids, now }: OfSchedule,
): Taken<RotationDocument> => {
  const turn = turnFrom(rotation)
  if ('why' in turn) return turn
  const begins = beginning(rotation, turn.type ?? '', zone)
  if ('why' in begins) return begins
  const end = endFate(rotation, now)
  if ('why' in end) return end
  const restriction = importRestriction(at(rotation, 'timeRestriction'))
  if ('why' in restriction) return restriction
  const participants = participantsFrom(rotation, directories)
  if ('why' in participants) return participants
  const name = textAt(rotation, 'name') ?? ''
  const id = ids.give(slugOf(name, 'rotation'))
  const clockChanges = turn.type === 'hourly' && nextOffsetChange(now, zone) !== null
  const fates = [
    changed(at(rotation, 'id'), id, CALLED_BY_SLUG),
    id === name
      ? imported(at(rotation, 'name'), id)
      : changed(at(rotation, 'name'), id, 'a rotation has an id and no other name here'),
    ...(clockChanges ? [changed(at(rotation, 'type'), 'everyHours', BY_THE_WALL_CLOCK)] : []),
    ...[turn, begins, end, restriction, participants].flatMap((part) => part.fates),
  ]
  const taken = {
    id,
    ...turn.taken,
    ...begins.taken,
    zone,
    participants: participants.taken,
    ...(restriction.taken === null ? {} : { restriction: restriction.taken }),
  }
  return { taken, fates }
}
