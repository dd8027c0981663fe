/** Rotas in OpsGenie's words. */
import type {
  OpsGenieRotation,
  OpsGenieRecipient,
  OpsGenieSchedule,
} from '../../../../contract/compat/opsgenie-on-call.ts'
import type {
  Participant,
  Restriction,
  Rotation,
  WeekTime,
} from '../../../../domain/operations/on-call/schedule.ts'
import { rotationStart } from '../../../../domain/operations/on-call/turn.ts'
import { zoneOf, type StoredSchedule } from '../../../operations/on-call/index.ts'
import { iso } from './asked.ts'
import type { Sight } from './sight.ts'

export const userRecipient = (sight: Sight, id: string): OpsGenieRecipient => ({
  type: 'user',
  id,
  username: sight.usernameOf(id),
})

const recipientOf = (sight: Sight, participant: Participant): OpsGenieRecipient => {
  if (participant === null) return { type: 'none' }
  if (typeof participant === 'string') return userRecipient(sight, participant)
  const team = sight.teams.find(({ id }) => id === participant.team)
  return { type: 'team', id: participant.team, ...(team ? { name: team.name } : {}) }
}

const lengthOf = (rotation: Rotation): number => {
  switch (rotation.kind) {
    case 'hourly':
      return rotation.everyHours
    case 'daily':
      return rotation.everyDays
    case 'weekly':
      return rotation.everyWeeks
    case 'monthly':
      return rotation.everyMonths
  }
}

const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
const clock = (time: string): readonly [number, number] => {
  const [hours = '0', minutes = '0'] = time.split(':')
  return [Number(hours), Number(minutes)]
}
const weekTime = ({ weekday, time }: WeekTime) => ({ day: days[weekday - 1] ?? days[0], time: clock(time) })

const restrictionOf = (restriction: Restriction) => {
  if (restriction.kind === 'time-of-day') {
    const [[startHour, startMin], [endHour, endMin]] = [clock(restriction.from), clock(restriction.to)]
    return { type: 'time-of-day' as const, restriction: { startHour, startMin, endHour, endMin } }
  }
  return {
    type: 'weekday-and-time-of-day' as const,
    restrictions: restriction.spans.map((span) => {
      const [from, to] = [weekTime(span.from), weekTime(span.to)]
      const [[startHour, startMin], [endHour, endMin]] = [from.time, to.time]
      return { startDay: from.day, startHour, startMin, endDay: to.day, endHour, endMin }
    }),
  }
}

export const presentRotation = (rotation: Rotation, sight: Sight): OpsGenieRotation => ({
  id: rotation.id,
  name: rotation.id,
  startDate: iso(rotationStart(rotation)),
  type: rotation.kind,
  length: lengthOf(rotation),
  participants: rotation.participants.map((each) => recipientOf(sight, each)),
  ...(rotation.restriction ? { timeRestriction: restrictionOf(rotation.restriction) } : {}),
})

export const scheduleMeta = ({ id, name }: StoredSchedule) => ({ id, name, enabled: true })

export const presentSchedule = (
  stored: StoredSchedule,
  sight: Sight,
  withRotations: boolean,
): OpsGenieSchedule => ({
  ...scheduleMeta(stored),
  description: '',
  timezone: zoneOf(stored),
  rotations: withRotations ? stored.rules.layers.map((layer) => presentRotation(layer, sight)) : [],
})
