/** Rotas as replies: ids get their names, and each reply says what this reader may do with it. */
import type {
  OnCallReply,
  OverrideReply,
  ScheduleDetailReply,
  ScheduleReply,
  ShiftReply,
} from '../../../contract/operations/on-call.ts'
import type { Shift } from '../../../domain/operations/on-call/shifts.ts'
import {
  nextOnCall,
  whoIsOnCall,
  type OnCall,
  type PersonOnCall,
} from '../../../domain/operations/on-call/who-is-on-call.ts'
import { may } from '../../../domain/people/permissions.ts'
import type { Actor } from '../../platform/actor.ts'
import { participantsOf, refOf, type StoredSchedule } from './definition.ts'
import { eventDefinition } from './events.ts'
import { findingsOf, LIST_AHEAD_MS } from './findings.ts'
import type { Colleagues, OverrideRow } from './store.ts'

/** What a rota is drawn in when it has no layer to take a zone from. */
const USUAL_ZONE = 'UTC'

/** An id that is not staff's any more still has to be shown; it cannot happen while accounts are archived and never deleted. */
export const personOf = (colleagues: Colleagues, id: string) =>
  refOf(colleagues.get(id) ?? { id, name: 'Unknown person' })

export const zoneOf = ({ rules }: StoredSchedule): string => rules.layers[0]?.zone ?? USUAL_ZONE

export const scheduleRefOf = ({ id, slug, name }: { id: string; slug: string; name: string }) => ({
  id,
  slug,
  name,
})

const presentDuty = (duty: PersonOnCall, colleagues: Colleagues) => ({
  person: personOf(colleagues, duty.accountId),
  forwardedFrom: duty.forwardedFrom === undefined ? null : personOf(colleagues, duty.forwardedFrom),
  source: duty.source,
  from: duty.from,
  until: duty.until,
})

export const presentOnCall = (onCall: OnCall, colleagues: Colleagues): OnCallReply => {
  if (onCall.kind === 'nobody') return onCall
  const [first, ...others] = onCall.people
  return {
    kind: 'person',
    ...presentDuty(first, colleagues),
    also: others.map((duty) => presentDuty(duty, colleagues)),
  }
}

/** Who is on call at the instant and who is next. */
export const presentDuties = ({ rules }: StoredSchedule, colleagues: Colleagues, at: number) => {
  const next = nextOnCall(rules, at)
  return {
    onCall: presentOnCall(whoIsOnCall(rules, at), colleagues),
    next: next && { kind: 'person' as const, ...presentDuty(next, colleagues) },
  }
}

/** Nobody changes what was put away. */
export const canWith = (actor: Actor, { archivedAt }: { archivedAt: number | null }) => ({
  change: archivedAt === null && may(actor, 'on-call.change'),
  override: archivedAt === null && may(actor, 'on-call.override'),
})

export const presentSchedule = (
  stored: StoredSchedule,
  colleagues: Colleagues,
  actor: Actor,
  at: number,
): ScheduleReply => ({
  ...scheduleRefOf(stored),
  zone: zoneOf(stored),
  archivedAt: stored.archivedAt,
  ...presentDuties(stored, colleagues, at),
  findings: stored.archivedAt
    ? []
    : findingsOf(stored.rules, colleagues, { from: at, to: at + LIST_AHEAD_MS }),
  can: canWith(actor, stored),
})

export const presentShift = (shift: Shift, colleagues: Colleagues): ShiftReply => ({
  person: personOf(colleagues, shift.accountId),
  forwardedFrom: shift.forwardedFrom === undefined ? null : personOf(colleagues, shift.forwardedFrom),
  from: shift.from,
  to: shift.to,
  source: shift.source,
})

/** @param canOverride what is over cannot be taken back: it was so */
export const presentOverride = (
  row: OverrideRow,
  colleagues: Colleagues,
  canOverride: boolean,
  now: number,
): OverrideReply => ({
  id: row.id,
  person: row.accountId === null ? null : personOf(colleagues, row.accountId),
  from: row.from,
  to: row.to,
  rotationIds: row.rotationIds ? [...row.rotationIds] : null,
  reason: row.reason,
  swapId: row.swapId,
  addedAt: row.addedAt,
  addedBy: row.addedBy === null ? null : personOf(colleagues, row.addedBy),
  can: { remove: canOverride && row.to > now },
})

export const presentScheduleDetail = (
  stored: StoredSchedule,
  overrides: readonly OverrideRow[],
  teams: ScheduleDetailReply['teams'],
  colleagues: Colleagues,
  actor: Actor,
  at: number,
): ScheduleDetailReply => {
  const row = presentSchedule(stored, colleagues, actor, at)
  return {
    ...row,
    version: stored.version,
    ...eventDefinition(stored.rules),
    combine: stored.rules.combine,
    restHours: stored.rules.restHours,
    people: participantsOf(stored.rules.layers, stored.rules.teams).flatMap((id) => {
      const person = colleagues.get(id)
      return person ? [{ ...refOf(person), handle: person.handle, archived: person.archived }] : []
    }),
    teams,
    overrides: overrides.map((override) => presentOverride(override, colleagues, row.can.override, at)),
  }
}
