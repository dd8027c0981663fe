/** Routing rules of a team become rules for the environments that are named for it, in their order: the first that fits decides. */
import { referenceFate, type Directories } from './directory.ts'
import type { PolicyDocument, RoutingRuleDocument, ScheduleDocument } from './document.ts'
import { at, changed, entriesOf, imported, refusedField, rootOf, textAt } from './fields.ts'
import type { Fate, Place, SourceFile, Taken } from './fields.ts'
import { CALLED_BY_SLUG, ONE_LINE } from './import-teams.ts'
import { lineOf, slugOf, type Names } from './naming.ts'
import { readCriteria } from './routing-criteria.ts'
import type { TeamEnvironments } from './team-environments.ts'

const MOST_RULES = 200

const NO_ENVIRONMENT =
  'alerts come from an environment here and not to a team: name it with --environment team=slug'

type Around = {
  readonly directories: Directories
  readonly environments: TeamEnvironments
  readonly schedules: readonly ScheduleDocument[]
  readonly policySlugs: Names
  readonly ids: Names
}

/** Policies that only tell who is on call in a schedule, because a rule of ours names a policy. */
type SchedulePolicies = Map<string, PolicyDocument>

/** What the rules of all teams have in common while they are read. */
type Making = { readonly policies: SchedulePolicies; rules: number }

type Does = RoutingRuleDocument['does']

const policyFor = (schedule: string, { schedules, policySlugs }: Around, made: SchedulePolicies): string => {
  const known = made.get(schedule)
  if (known) return known.slug
  const policy: PolicyDocument = {
    slug: policySlugs.give(schedule),
    name: schedules.find(({ slug }) => slug === schedule)?.name ?? schedule,
    steps: [{ afterMinutes: 0, targets: [{ schedule }] }],
    repeat: 0,
    fallback: [{ role: 'administrator' }],
  }
  made.set(schedule, policy)
  return policy.slug
}

const notifiesFrom = (rule: Place, around: Around, made: SchedulePolicies): Taken<Does> => {
  const notify = at(rule, 'notify')
  const type = textAt(notify, 'type')
  if (type === 'none') return { taken: { list: {} }, fates: [imported(notify, 'list')] }
  const { escalations, schedules } = around.directories
  if (type !== 'escalation' && type !== 'schedule')
    return { why: 'whom it notifies is no escalation and no schedule' }
  const found = (type === 'escalation' ? escalations : schedules).find(notify)
  if ('why' in found) return found
  const escalationPolicy = type === 'escalation' ? found.to : policyFor(found.to, around, made)
  const fates =
    type === 'escalation'
      ? [referenceFate(notify, found)]
      : [changed(notify, escalationPolicy, 'a rule names a policy here: this one tells the schedule')]
  return { taken: { page: { escalationPolicy } }, fates }
}

const hasHours = (rule: Place): boolean => {
  const { value } = at(rule, 'timeRestriction')
  return value !== undefined && value !== null
}

type OfTeam = { readonly slug: string; readonly name: string; readonly environments: readonly string[] }
type Draft = Omit<RoutingRuleDocument, 'position'>

const ruleFrom = (rule: Place, team: OfTeam, around: Around, made: Making): Taken<readonly Draft[]> => {
  if (hasHours(rule))
    return {
      why: 'it has hours: give the environment service hours and write the rule with them (docs/routing.md)',
    }
  const criteria = readCriteria(at(rule, 'criteria'))
  if ('why' in criteria) return criteria
  if (made.rules + criteria.taken.length > MOST_RULES)
    return { why: `there are at most ${MOST_RULES} rules here` }
  const does = notifiesFrom(rule, around, made.policies)
  if ('why' in does) return does
  const given = textAt(rule, 'name')
  const wanted = slugOf(`${team.slug}-${given ?? ''}`, 'rule')
  const name = lineOf(`${team.name}: ${given ?? 'rule'}`) ?? wanted
  const drafts = criteria.taken.map((when) => ({
    id: around.ids.give(wanted),
    name,
    when: { environments: team.environments, ...when },
    does: does.taken,
  }))
  const isSplit = drafts.length > 1
  const order = isSplit ? 'a rule for each condition, one after the other' : 'its place'
  return {
    taken: drafts,
    fates: [
      changed(at(rule, 'id'), drafts[0]?.id ?? '', CALLED_BY_SLUG),
      changed(
        at(rule, 'name'),
        name,
        given === undefined ? ONE_LINE : 'rules of all teams stand in one list',
      ),
      imported(at(rule, 'order'), order),
      imported(at(rule, 'applyOrder'), order),
      imported(at(rule, 'isDefault'), order),
      imported(at(rule, 'timeRestriction'), 'at any time'),
      refusedField(at(rule, 'timezone'), 'a rule without hours needs no time zone'),
      ...criteria.fates,
      ...does.fates,
    ],
  }
}

const orderOf = (rule: Place): number => {
  if (at(rule, 'isDefault').value === true) return Number.POSITIVE_INFINITY
  const { value } = at(rule, 'order')
  return typeof value === 'number' ? value : Number.MAX_SAFE_INTEGER
}

/** A rule that lists what an earlier one would have paged keeps quiet about it: then it is refused as well. */
const AFTER_A_REFUSAL =
  'it notifies nobody, and a rule before it was refused: alerts of that one would be kept from paging'

const rulesOf = (list: Place, team: OfTeam, around: Around, made: Making, fates: Fate[]): Draft[] => {
  let isMissing = false
  return entriesOf(list)
    .toSorted((a, b) => orderOf(a) - orderOf(b) || 0)
    .flatMap((place) => {
      const rule = ruleFrom(place, team, around, made)
      const quiet = !('why' in rule) && rule.taken.some(({ does }) => 'list' in does)
      if ('why' in rule || (quiet && isMissing)) {
        isMissing = true
        fates.push(refusedField(place, 'why' in rule ? `the rule was refused: ${rule.why}` : AFTER_A_REFUSAL))
        return []
      }
      made.rules += rule.taken.length
      fates.push(...rule.fates)
      return rule.taken
    })
}

export type ImportedRouting = {
  readonly rules: readonly RoutingRuleDocument[]
  /** Made for rules that notify a schedule. */
  readonly policies: readonly PolicyDocument[]
}

export const importRouting = (
  teams: readonly SourceFile[],
  around: Around,
  fates: Fate[],
): ImportedRouting => {
  const made: Making = { policies: new Map(), rules: 0 }
  const drafts = teams.map(rootOf).flatMap((root) => {
    const list = at(root, 'teamRoutingRules')
    const team = around.directories.teams.find(at(root, 'team'))
    const environments = 'why' in team ? [] : around.environments.of(team.to)
    if (Array.isArray(list.value) && list.value.length === 0) fates.push(imported(list, 'no rule'))
    if ('why' in team || environments.length === 0) {
      fates.push(refusedField(list, 'why' in team ? team.why : NO_ENVIRONMENT))
      return []
    }
    const name = textAt(root, 'team', 'name') ?? team.to
    const ofTeam = { slug: team.to, name, environments }
    return rulesOf(list, ofTeam, around, made, fates)
  })
  const rules = drafts.map((draft, place) => ({ ...draft, position: place + 1 }))
  return { rules, policies: [...made.policies.values()] }
}
