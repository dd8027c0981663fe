/** Policies as replies: names for every target, the environments that follow, and the targets that would reach nobody. */
import type { PolicyReply } from '../../../../contract/operations/on-call.ts'
import { twiceOnCall } from '../../../../domain/operations/on-call/lint-rest.ts'
import { shiftsBetween } from '../../../../domain/operations/on-call/shifts.ts'
import { whoIsOnCall } from '../../../../domain/operations/on-call/who-is-on-call.ts'
import { wallTimeAt } from '../../../../domain/time/zone.ts'
import type { EscalationTarget } from '../../../../domain/operations/paging/escalation-policy.ts'
import { membersOfTeams, teamNames, type TeamMembers } from '../../../people/index.ts'
import type { Actor } from '../../../platform/actor.ts'
import type { Db, Tx } from '../../../platform/database.ts'
import { DEFAULT_POLICY, peopleOf, refOf, type StoredPolicy, type StoredSchedule } from '../definition.ts'
import { LIST_AHEAD_MS, mayAcknowledge } from '../findings.ts'
import { canWith, scheduleRefOf, zoneOf } from '../present.ts'
import { findColleagues, loadSchedules, type Colleagues } from '../store.ts'
import { accountsOf, schedulesOf, targetsOf, teamsTold } from './checked-policy.ts'
import { environmentsThatFollow, rolesWithPeople } from './store.ts'

type TeamName = Awaited<ReturnType<typeof teamNames>>[number]
type Around = {
  readonly colleagues: Colleagues
  readonly schedules: ReadonlyMap<string, StoredSchedule>
  readonly roles: ReadonlySet<string>
  readonly teams: ReadonlyMap<string, TeamName>
  readonly members: TeamMembers
  readonly at: number
}
type Finding = PolicyReply['findings'][number]

const distinct = (ids: readonly string[]): string[] => [...new Set(ids)]

const scheduleFinding = (
  schedule: StoredSchedule | undefined,
  who: string,
  at: number,
): Finding | undefined => {
  if (!schedule) return undefined
  const { name, archivedAt, rules } = schedule
  if (archivedAt !== null)
    return { code: 'archived-target', severity: 'red', detail: `${name} is archived and tells nobody.` }
  if (who !== 'now' || whoIsOnCall(rules, at).kind === 'people') return undefined
  const detail = `Nobody is on call in ${name} at this moment; pages go on to the fallback.`
  return { code: 'nobody-on-call', severity: 'red', detail }
}

/** Looked for as far ahead as a list of rotas looks. */
const twiceFindings = (policy: StoredPolicy, { colleagues, schedules, at }: Around): Finding[] => {
  const named = distinct(schedulesOf(policy)).flatMap((id) => schedules.get(id) ?? [])
  const shifts = named.map(({ rules }) => shiftsBetween(rules, at, at + LIST_AHEAD_MS))
  return named.flatMap((one, place) =>
    named.slice(place + 1).flatMap((other, after): Finding[] => {
      const [first] = twiceOnCall(shifts[place] ?? [], shifts[place + 1 + after] ?? []).toSorted(
        (a, b) => a.from - b.from,
      )
      if (first === undefined) return []
      const name = colleagues.get(first.accountId)?.name ?? 'One person'
      const day = wallTimeAt(Math.max(first.from, at), zoneOf(one)).slice(0, 10)
      const detail = `${name} is on call in ${one.name} and in ${other.name} at once, first on ${day}: when they do not answer, the step after asks them again.`
      return [{ code: 'same-person-twice', severity: 'amber', detail }]
    }),
  )
}

const teamFinding = (team: TeamName | undefined, members: TeamMembers): Finding | undefined => {
  if (!team) return undefined
  if (team.archivedAt !== null)
    return { code: 'archived-target', severity: 'red', detail: `${team.name} is archived and tells nobody.` }
  const detail = `Nobody is in the team ${team.name}.`
  return (members[team.id] ?? []).length > 0
    ? undefined
    : { code: 'team-without-people', severity: 'red', detail }
}

const findingsOf = (policy: StoredPolicy, around: Around): Finding[] => {
  const { colleagues, schedules, roles, teams, members, at } = around
  const found = targetsOf(policy).flatMap(({ target }): (Finding | undefined)[] => {
    switch (target.kind) {
      case 'schedule':
        return [scheduleFinding(schedules.get(target.id), target.who ?? 'now', at)]
      case 'team':
        return [teamFinding(teams.get(target.id), members)]
      case 'role': {
        const detail = `Nobody has the role ${target.role}.`
        return roles.has(target.role) ? [] : [{ code: 'role-without-people', severity: 'red', detail }]
      }
      case 'account': {
        const person = colleagues.get(target.id)
        if (!person) return []
        if (person.archived)
          return [
            {
              code: 'archived-target',
              severity: 'red',
              detail: `${person.name} is archived and cannot be paged.`,
            },
          ]
        const detail = `${person.name} has no role that may acknowledge a page.`
        return mayAcknowledge(person) ? [] : [{ code: 'cannot-acknowledge', severity: 'amber', detail }]
      }
    }
  })
  return [
    ...new Map(
      [...found, ...twiceFindings(policy, around)].flatMap((finding) =>
        finding ? [[finding.detail, finding] as const] : [],
      ),
    ).values(),
  ]
}

type FallbackTarget = Extract<EscalationTarget, { kind: 'account' | 'role' }>
/** It cannot be a schedule or a team, which may have nobody again. */
const isFallback = (target: EscalationTarget): target is FallbackTarget =>
  target.kind === 'account' || target.kind === 'role'

/** All of a page of policies at once: five queries, however many there are. */
export const presentPolicies = async (
  db: Db | Tx,
  policies: readonly StoredPolicy[],
  actor: Actor,
  at: number,
): Promise<PolicyReply[]> => {
  const schedules = new Map(
    (await loadSchedules(db, distinct(policies.flatMap(schedulesOf)), at)).map((row) => [row.id, row]),
  )
  const colleagues = await findColleagues(db, [
    ...policies.flatMap(accountsOf),
    ...[...schedules.values()].flatMap(({ rules }) => peopleOf(rules)),
  ])
  const roles = await rolesWithPeople(db)
  const told = distinct(policies.flatMap(teamsTold))
  const teams = new Map((told.length > 0 ? await teamNames(db) : []).map((team) => [team.id, team]))
  const members = await membersOfTeams(db, told)
  const environments = await environmentsThatFollow(
    db,
    policies.map(({ id }) => id),
  )
  return policies.map((policy) => ({
    ...refOf(policy),
    slug: policy.slug,
    version: policy.version,
    archivedAt: policy.archivedAt,
    isDefault: policy.slug === DEFAULT_POLICY,
    steps: policy.steps.map((step) => ({ ...step, targets: [...step.targets] })),
    repeat: policy.repeat,
    fallback: policy.fallback.filter(isFallback),
    people: distinct(accountsOf(policy)).flatMap((id) => {
      const person = colleagues.get(id)
      return person ? [{ ...refOf(person), handle: person.handle, archived: person.archived }] : []
    }),
    schedules: distinct(schedulesOf(policy)).flatMap((id) => {
      const schedule = schedules.get(id)
      return schedule ? [scheduleRefOf(schedule)] : []
    }),
    teams: distinct(teamsTold(policy)).flatMap((id) => {
      const team = teams.get(id)
      return team ? [{ ...refOf(team), slug: team.slug }] : []
    }),
    environments: environments
      .filter(({ policyId }) => policyId === policy.id)
      .map(({ id, slug, name }) => ({ id, slug, name })),
    findings:
      policy.archivedAt === null
        ? findingsOf(policy, { colleagues, schedules, roles, teams, members, at })
        : [],
    can: { change: canWith(actor, policy).change },
  }))
}
