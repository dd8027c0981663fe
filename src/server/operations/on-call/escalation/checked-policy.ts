/** The one door for policies that somebody sends: steps in order, and targets that exist and can be told. */
import {
  checkPolicy as checkEscalationPolicy,
  type EscalationTarget,
} from '../../../../domain/operations/paging/escalation-policy.ts'
import { refuse, type Refusal } from '../../../../domain/refusal.ts'
import { teamNames } from '../../../people/index.ts'
import type { Tx } from '../../../platform/database.ts'
import { Fault, refused, type FieldFault } from '../../../platform/faults.ts'
import type { PolicyDefinition } from '../definition.ts'
import { findColleagues } from '../store.ts'
import { holdSchedules } from './store.ts'

/** @returns every target with its place in the request */
export const targetsOf = ({
  steps,
  fallback,
}: PolicyDefinition): { path: string; target: EscalationTarget }[] => [
  ...steps.flatMap(({ targets }, step) =>
    targets.map((target, place) => ({ path: `steps.${step}.targets.${place}`, target })),
  ),
  ...fallback.map((target, place) => ({ path: `fallback.${place}`, target })),
]

export const accountsOf = (policy: PolicyDefinition): string[] =>
  targetsOf(policy).flatMap(({ target }) => (target.kind === 'account' ? [target.id] : []))

export const schedulesOf = (policy: PolicyDefinition): string[] =>
  targetsOf(policy).flatMap(({ target }) => (target.kind === 'schedule' ? [target.id] : []))

export const teamsTold = (policy: PolicyDefinition): string[] =>
  targetsOf(policy).flatMap(({ target }) => (target.kind === 'team' ? [target.id] : []))

/** The rules' own check, and that the first step names no delay: it would be read as one and is none. */
const refusalOf = (policy: PolicyDefinition): Refusal | null => {
  if (policy.steps[0]?.afterMinutes !== 0)
    return refuse('first-step-late', 'The first step is at 0 minutes: a page tells somebody at once.')
  return checkEscalationPolicy({ id: '', name: '', ...policy })
}

/** @param before whoever the policy tells already stays a finding when archived, and stops no other change */
export const checkPolicy = async (
  db: Tx,
  policy: PolicyDefinition,
  before?: PolicyDefinition,
): Promise<void> => {
  const refusal = refusalOf(policy)
  if (refusal) throw refused(refusal)
  const known = new Set(before ? accountsOf(before) : [])
  const colleagues = await findColleagues(db, accountsOf(policy))
  const schedules = new Map((await holdSchedules(db, schedulesOf(policy))).map((row) => [row.id, row]))

  const told = teamsTold(policy)
  const teams = new Map((told.length > 0 ? await teamNames(db) : []).map((team) => [team.id, team]))

  const faultOf = (target: EscalationTarget): string | undefined => {
    switch (target.kind) {
      case 'schedule': {
        const schedule = schedules.get(target.id)
        if (!schedule) return 'no schedule has this id'
        return schedule.archivedAt === null ? undefined : `${schedule.name} is archived`
      }
      case 'team': {
        const team = teams.get(target.id)
        if (!team) return 'no team has this id'
        return team.archivedAt === null ? undefined : `${team.name} is archived`
      }
      case 'account': {
        const person = colleagues.get(target.id)
        if (!person) return 'no member of staff has this id'
        return person.archived && !known.has(person.id)
          ? `${person.name} is archived and cannot be paged`
          : undefined
      }
      case 'role':
        return undefined
    }
  }
  const errors: FieldFault[] = targetsOf(policy).flatMap(({ path, target }) => {
    const detail = faultOf(target)
    return detail ? [{ path: `body.${path}`, detail }] : []
  })
  const first = errors[0]
  if (first)
    throw new Fault('invalid-input', `Nothing was changed. ${first.path}: ${first.detail}.`, { errors })
}
