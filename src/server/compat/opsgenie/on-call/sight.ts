/** What of schedules, policies and people the asking program may see. */
import type { EscalationTarget } from '../../../../domain/operations/paging/escalation-policy.ts'
import { may } from '../../../../domain/people/permissions.ts'
import {
  allPolicies,
  loadPolicyFor,
  loadSchedules,
  peopleOf,
  type StoredPolicy,
  type StoredSchedule,
} from '../../../operations/on-call/index.ts'
import { findStaffByIds, listAccountRows, type AccountRow } from '../../../people/accounts/store.ts'
import { allTeams, type TeamRow } from '../../../people/teams/store.ts'
import type { Ctx } from '../../../platform/context.ts'
import type { Db } from '../../../platform/database.ts'
import { read } from '../../../platform/record.ts'

/** `people` by id. `usernameOf`: e-mail addresses for people, handles for the key of a cluster. */
export type Sight = {
  readonly schedules: readonly StoredSchedule[]
  readonly policies: readonly StoredPolicy[]
  readonly teams: readonly TeamRow[]
  readonly people: ReadonlyMap<string, AccountRow>
  readonly usernameOf: (accountId: string) => string
}

const MOST_PEOPLE = 10_000

const inUse = <T extends { readonly archivedAt: number | null }>(rows: readonly T[]): T[] =>
  rows.filter(({ archivedAt }) => archivedAt === null)

const targetsOf = ({ steps, fallback }: StoredPolicy): EscalationTarget[] => [
  ...steps.flatMap(({ targets }) => targets),
  ...fallback,
]
const idsOf = (targets: readonly EscalationTarget[], kind: 'schedule' | 'account'): string[] =>
  targets.flatMap((target) => (target.kind === kind ? [target.id] : []))

const namedBy = (policies: readonly StoredPolicy[], schedules: readonly StoredSchedule[]): string[] => [
  ...idsOf(policies.flatMap(targetsOf), 'account'),
  ...schedules.flatMap(({ rules }) => peopleOf(rules)),
]

/**
 * A key sees the policy of its environment, the schedules that policy names, and the people whom either names,
 * their teams included. Whoever has a
 * role that the policy pages is not named by it.
 */
const ofEnvironment = async (db: Db, environmentId: string, since: number) => {
  const policy = await loadPolicyFor(db, environmentId)
  const targets = policy ? targetsOf(policy) : []
  const schedules = inUse(await loadSchedules(db, idsOf(targets, 'schedule'), since))
  const policies = policy ? [policy] : []
  const people = await findStaffByIds(db, namedBy(policies, schedules))
  // Names of teams are nothing to a key: their members are among the people.
  return { schedules, policies, teams: [], people }
}

/** A token that may not read accounts meets those whom rotas and policies name, and no directory. */
const ofOrganisation = async (db: Db, ctx: Ctx, since: number) => {
  const schedules = inUse(await loadSchedules(db, undefined, since))
  const policies = inUse(await allPolicies(db))
  const people = may(ctx.actor, 'accounts.read')
    ? await listAccountRows(db, { kind: 'staff', archived: false, limit: MOST_PEOPLE })
    : await findStaffByIds(db, namedBy(policies, schedules))
  return { schedules, policies, teams: inUse(await allTeams(db)), people }
}

/** @param since overrides that ended before are not loaded */
export const sightOf = (ctx: Ctx, since: number): Promise<Sight> =>
  read(ctx, async (db) => {
    const { actor } = ctx
    const isKey = actor.kind === 'integration'
    const seen = isKey
      ? await ofEnvironment(db, actor.environmentId, since)
      : await ofOrganisation(db, ctx, since)
    const people = new Map(seen.people.map((row) => [row.id, row]))
    return {
      ...seen,
      people,
      usernameOf: (accountId) => {
        const row = people.get(accountId)
        return (isKey ? row?.handle : row?.email) ?? ''
      },
    }
  })
