/** Schedules, their rotations, their calendar, and who is on call: reads. */
import { nextOnCall, whoIsOnCall } from '../../../../domain/operations/on-call/who-is-on-call.ts'
import { scheduleCalendar, type StoredSchedule } from '../../../operations/on-call/index.ts'
import { OpsGenieFault } from '../answer.ts'
import { instantAsked, isExpanded, isFlat, scheduleAsked, type Asked } from './asked.ts'
import { presentRotation, presentSchedule, scheduleMeta } from './present-schedule.ts'
import type { Sight } from './sight.ts'

export const listSchedules = async (asked: Asked, sight: Sight) => ({
  data: sight.schedules.map((each) => presentSchedule(each, sight, isExpanded(asked, 'rotation'))),
  expandable: ['rotation'],
})

/** `….ics` is the same schedule as a calendar. */
export const getSchedule = async (asked: Asked, sight: Sight) => {
  const identifier = asked.params['identifier'] ?? ''
  if (!identifier.endsWith('.ics')) return { data: presentSchedule(scheduleAsked(asked, sight), sight, true) }
  const named = { ...asked, params: { identifier: identifier.slice(0, -'.ics'.length) } }
  return scheduleCalendar(asked.ctx, { schedule: scheduleAsked(named, sight).id })
}

export const listRotations = async (asked: Asked, sight: Sight) => ({
  data: scheduleAsked(asked, sight).rules.layers.map((layer) => presentRotation(layer, sight)),
})

export const getRotation = async (asked: Asked, sight: Sight) => {
  const schedule = scheduleAsked(asked, sight)
  const rotation = schedule.rules.layers.find(({ id }) => id === asked.params['rotation'])
  if (!rotation) throw new OpsGenieFault(404, 'Rotation does not exist.')
  return { data: { _parent: scheduleMeta(schedule), ...presentRotation(rotation, sight) } }
}

const userOf = (sight: Sight, id: string) => ({ id, name: sight.usernameOf(id), type: 'user' as const })

const present = (schedule: StoredSchedule, at: number, flat: boolean, sight: Sight) => {
  const duty = whoIsOnCall(schedule.rules, at)
  const ids = duty.kind === 'people' ? duty.people.map(({ accountId }) => accountId) : []
  return {
    _parent: scheduleMeta(schedule),
    ...(flat
      ? { onCallRecipients: ids.map((id) => sight.usernameOf(id)) }
      : { onCallParticipants: ids.map((id) => userOf(sight, id)) }),
  }
}

export const listOnCalls = async (asked: Asked, sight: Sight) => {
  const at = instantAsked(asked)
  return { data: sight.schedules.map((each) => present(each, at, isFlat(asked), sight)) }
}

export const getOnCalls = async (asked: Asked, sight: Sight) => ({
  data: present(scheduleAsked(asked, sight), instantAsked(asked), isFlat(asked), sight),
})

/** `exact` are those of the very next turn, which may be nobody; the others are the next somebody. */
export const getNextOnCalls = async (asked: Asked, sight: Sight) => {
  const schedule = scheduleAsked(asked, sight)
  const at = instantAsked(asked)
  const next = nextOnCall(schedule.rules, at)
  const { until } = whoIsOnCall(schedule.rules, at)
  const following = until === null ? undefined : whoIsOnCall(schedule.rules, until)
  const exact = following?.kind === 'people' ? following.people.map(({ accountId }) => accountId) : []
  const ids = next ? [next.accountId] : []
  return {
    data: {
      _parent: scheduleMeta(schedule),
      ...(isFlat(asked)
        ? {
            nextOnCallParticipants: ids.map((id) => sight.usernameOf(id)),
            exactNextOnCallParticipants: exact.map((id) => sight.usernameOf(id)),
          }
        : {
            nextOnCallRecipients: ids.map((id) => userOf(sight, id)),
            exactNextOnCallRecipients: exact.map((id) => userOf(sight, id)),
          }),
    },
  }
}
