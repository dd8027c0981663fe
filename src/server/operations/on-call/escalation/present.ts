/** Policies as replies: names for every target, the environments that follow, and the targets that would reach nobody. */
import type { PolicyReply } from '../../../../contract/operations/on-call.ts'
import { whoIsOnCall } from '../../../../domain/operations/on-call/who-is-on-call.ts'
import type { Actor } from '../../../platform/actor.ts'
import type { Db, Tx } from '../../../platform/database.ts'
import { DEFAULT_POLICY, refOf, type StoredPolicy, type StoredSchedule } from '../definition.ts'
import { mayAcknowledge } from '../findings.ts'
import { canWith, scheduleRefOf } from '../present.ts'
import { findColleagues, loadSchedules, type Colleagues } from '../store.ts'
import { accountsOf, schedulesOf, targetsOf } from './checked-policy.ts'
import { environmentsThatFollow, rolesWithPeople } from './store.ts'

type Around = {
  readonly colleagues: Colleagues
  readonly schedules: ReadonlyMap<string, StoredSchedule>
  readonly roles: ReadonlySet<string>
  readonly at: number
}
type Finding = PolicyReply['findings'][number]

const scheduleFinding = (schedule: StoredSchedule | undefined, at: number): Finding | undefined => {
  if (!schedule) return undefined
  const { name, archivedAt, rules } = schedule
  if (archivedAt !== null)
    return { code: 'archived-target', severity: 'red', detail: `${name} is archived and tells nobody.` }
  if (whoIsOnCall(rules, at).kind === 'people') return undefined
  const detail = `Nobody is on call in ${name} at this moment; pages go on to the fallback.`
  return { code: 'nobody-on-call', severity: 'red', detail }
}

const findingsOf = (policy: StoredPolicy, { colleagues, schedules, roles, at }: Around): Finding[] => {
  const found = targetsOf(policy).flatMap(({ target }): (Finding | undefined)[] => {
    switch (target.kind) {
      case 'schedule':
        return [scheduleFinding(schedules.get(target.id), at)]
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
    ...new Map(found.flatMap((finding) => (finding ? [[finding.detail, finding] as const] : []))).values(),
  ]
}

const distinct = (ids: readonly string[]): string[] => [...new Set(ids)]

/** All of a page of policies at once: five queries, however many there are. */
export const presentPolicies = async (
  db: Db | Tx,
  policies: readonly StoredPolicy[],
  actor: Actor,
  at: number,
): Promise<PolicyReply[]> => {
  const colleagues = await findColleagues(db, policies.flatMap(accountsOf))
  const schedules = new Map(
    (await loadSchedules(db, distinct(policies.flatMap(schedulesOf)), at)).map((row) => [row.id, row]),
  )
  const roles = await rolesWithPeople(db)
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
    fallback: policy.fallback.filter((target) => target.kind !== 'schedule'),
    people: distinct(accountsOf(policy)).flatMap((id) => {
      const person = colleagues.get(id)
      return person ? [{ ...refOf(person), handle: person.handle, archived: person.archived }] : []
    }),
    schedules: distinct(schedulesOf(policy)).flatMap((id) => {
      const schedule = schedules.get(id)
      return schedule ? [scheduleRefOf(schedule)] : []
    }),
    environments: environments
      .filter(({ policyId }) => policyId === policy.id)
      .map(({ id, slug, name }) => ({ id, slug, name })),
    findings: policy.archivedAt === null ? findingsOf(policy, { colleagues, schedules, roles, at }) : [],
    can: { change: canWith(actor, policy).change },
  }))
}
