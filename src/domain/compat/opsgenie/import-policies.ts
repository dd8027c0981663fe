/**
 * Alert and notification policies become alert policies, where what they ask and do can be said here. One whose condition
 * cannot be asked is refused as a whole: without it, it would change or silence more than it did.
 */
import type { AlertPolicyDocument } from './document.ts'
import type { Directory } from './directory.ts'
import { at, changed, entriesOf, imported, refusedField, rootOf, textAt } from './fields.ts'
import type { Fate, Place, SourceFile, Taken } from './fields.ts'
import { CALLED_BY_SLUG, ONE_LINE } from './import-teams.ts'
import { lineOf, slugOf, type Names } from './naming.ts'
import { readCriteria } from './routing-criteria.ts'
import type { TeamEnvironments } from './team-environments.ts'

type When = AlertPolicyDocument['when']
type Label = NonNullable<When['labels']>[number]
type Does = AlertPolicyDocument['does']

const MOST_POLICIES = 200
const TEAM =
  'alerts belong to environments and not to teams here: it fits those with the label team of that name, unless environments are named with --environment team=slug'

/** `{{extraProperties.cluster}}` of theirs is `{{labels.cluster}}` of ours; other places and their functions are not known here. */
const templateOf = (text: string): string | undefined => {
  const ours = text
    .replaceAll(/\{\{\s*(?:extraProperties|details)\.([^\s{}()]{1,200})\s*\}\}/g, '{{labels.$1}}')
    .replaceAll(/\{\{\s*(message|description|priority)\s*\}\}/g, '{{$1}}')
  const rest = ours.replaceAll(/\{\{(?:message|description|priority|labels\.[^\s{}()]+)\}\}/g, '')
  return rest.includes('{{') || ours.length > 1_000 ? undefined : ours
}

/** Any of several is said here only of one thing: priorities, or values of one label. Several policies would all take part. */
const anyOf = (clauses: readonly When[]): When | undefined => {
  if (clauses.length === 1) return clauses[0]
  const labels = clauses.flatMap((clause) => clause.labels ?? [])
  const priorities = [...new Set(clauses.flatMap((clause) => clause.priorities ?? []))]
  if (labels.length === 0) return { priorities }
  const [first] = labels
  const alike =
    priorities.length === 0 &&
    labels.every(({ label, oneOf, not }) => label === first?.label && oneOf.length > 0 && !not)
  return alike && first
    ? { labels: [{ label: first.label, oneOf: [...new Set(labels.flatMap(({ oneOf }) => oneOf))] }] }
    : undefined
}

const whenFrom = (filter: Place): Taken<When> => {
  if (filter.value === undefined || filter.value === null) return { taken: {}, fates: [] }
  const criteria = readCriteria(filter)
  if ('why' in criteria) return criteria
  const taken = anyOf(criteria.taken)
  if (!taken)
    return { why: 'it fits when any of several different conditions holds; write a policy for each' }
  const fates = criteria.fates.map((fate) =>
    fate.kind === 'imported' ? { ...fate, to: 'alertPolicies.when' } : fate,
  )
  return { taken, fates }
}

const MINUTES: Readonly<Record<string, number>> = { seconds: 1 / 60, minutes: 1, hours: 60, days: 1_440 }
const minutesAt = (place: Place): number | undefined => {
  const amount = at(place, 'timeAmount').value
  const unit = MINUTES[textAt(place, 'timeUnit') ?? 'minutes']
  return typeof amount === 'number' && unit !== undefined && amount > 0
    ? Math.max(1, Math.round(amount * unit))
    : undefined
}

const textChange = (place: Place, name: 'message' | 'description', fates: Fate[]): string | undefined => {
  const text = typeof place.value === 'string' ? place.value : undefined
  if (text === undefined) return undefined
  const template = templateOf(text)
  if (template === undefined)
    fates.push(refusedField(place, 'it uses places or functions that templates do not have here'))
  else if (template.trim() === `{{${name}}}` || template === '') fates.push(imported(place, 'unchanged'))
  else if (template === text) fates.push(imported(place, template))
  else fates.push(changed(place, template, 'details are labels here'))
  return template === undefined || template.trim() === `{{${name}}}` || template === '' ? undefined : template
}

const rewriteFrom = (policy: Place, fates: Fate[]): Does[] => {
  const message = textChange(at(policy, 'message'), 'message', fates)
  const description = textChange(at(policy, 'alertDescription'), 'description', fates)
  const updates = at(policy, 'updatePriority')
  const value = textAt(policy, 'priorityValue')
  const priority = updates.value === true && /^P[1-5]$/.test(value ?? '') ? (value as 'P1') : undefined
  fates.push(imported(updates, priority ?? 'no'))
  if (priority) fates.push(imported(at(policy, 'priorityValue'), priority))
  const tags = entriesOf(at(policy, 'tags'))
  const usable = tags
    .filter(({ value: tag }) => typeof tag === 'string' && /^[^,]{1,50}$/.test(tag))
    .slice(0, 20)
  fates.push(...usable.map((tag) => imported(tag, 'a tag')))
  const addTags = usable.map(({ value: tag }) => String(tag))
  const rewrite = {
    ...(message === undefined ? {} : { message }),
    ...(description === undefined ? {} : { description }),
    ...(priority === undefined ? {} : { priority }),
    ...(addTags.length > 0 ? { addTags } : {}),
  }
  return Object.keys(rewrite).length > 0 ? [{ rewrite }] : []
}

/** @returns true where it was taken over */
const take = (place: Place, to: string, fates: Fate[]): true => {
  fates.push(imported(place, to))
  return true
}

const notificationsFrom = (policy: Place, fates: Fate[]): Does[] => {
  const does: Does[] = []
  const suppress = at(policy, 'suppress')
  if (suppress.value === true && take(suppress, 'suppress', fates)) does.push({ suppress: {} })
  else if (suppress.value === false) fates.push(imported(suppress, 'no'))
  const delay = at(policy, 'delayAction')
  const minutes = minutesAt(at(delay, 'duration'))
  if (textAt(delay, 'delayOption') === 'for-duration' && minutes && minutes <= 10_080) {
    take(delay, `delay: ${minutes} min`, fates)
    does.push({ delay: { minutes } })
  } else if (delay.value)
    fates.push(
      refusedField(delay, 'a delay until a time of the day is for service hours and routing rules here'),
    )
  const closes = minutesAt(at(policy, 'autoCloseAction', 'duration'))
  if (closes && closes <= 129_600) {
    fates.push(
      changed(
        at(policy, 'autoCloseAction'),
        `${closes} min`,
        'counted from when the alert was said last, and not from when it was opened',
      ),
    )
    does.push({ autoClose: { minutes: closes } })
  }
  const often = at(policy, 'deDuplicationAction')
  const count = at(often, 'count').value
  if (textAt(often, 'deDuplicationActionType') === 'value-based' && typeof count === 'number' && count >= 2) {
    take(often, `delay: said ${count} times`, fates)
    does.push({ delay: { occurrences: count } })
  } else if (often.value)
    fates.push(
      refusedField(often, 'how often within a time cannot be asked here; say after how many, or how long'),
    )
  fates.push(refusedField(at(policy, 'autoRestartAction'), 'the escalation policy repeats here'))
  return does
}

type Around = {
  readonly teams: Directory
  readonly environments: TeamEnvironments
  readonly slugs: Names
}
type Policies = readonly Omit<AlertPolicyDocument, 'position'>[]

type OfTeam = Pick<When, 'environments'> & { readonly labels: readonly Label[] }

const teamFrom = (root: Place, { teams, environments }: Around): Taken<OfTeam> => {
  const id = at(root, 'teamId')
  if (typeof id.value !== 'string' || id.value === '')
    return { taken: { labels: [] }, fates: [imported(id, 'of no team')] }
  const team = teams.find({ ...root, value: { id: id.value } })
  if ('why' in team) return team
  const named = environments.of(team.to)
  return named.length > 0
    ? {
        taken: { environments: named, labels: [] },
        fates: [changed(id, named.join(', '), 'the environments that were named for its team')],
      }
    : {
        taken: { labels: [{ label: 'team', oneOf: [team.to] }] },
        fates: [changed(id, `team = ${team.to}`, TEAM)],
      }
}

const policiesFrom = (root: Place, around: Around): Taken<Policies> => {
  const policy = at(root, 'policy')
  if (at(policy, 'enabled').value === false)
    return { why: 'it is switched off; add it here when it is wanted' }
  const times = at(policy, 'timeRestrictions')
  const restricted = entriesOf(at(times, 'restrictions')).length > 0 || textAt(times, 'type') !== undefined
  if (times.value && restricted)
    return { why: 'it holds only at some times, and would hold always here: use service hours (`hours`)' }
  const given = textAt(policy, 'name')
  const name = lineOf(given ?? '')
  if (name === undefined) return { why: 'a policy without a name cannot be called' }
  const when = whenFrom(at(policy, 'filter'))
  if ('why' in when) return when
  const team = teamFrom(root, around)
  if ('why' in team) return team
  const fates: Fate[] = [...when.fates, ...team.fates]
  const alerts = textAt(policy, 'type') === 'alert'
  const does = alerts ? rewriteFrom(policy, fates) : notificationsFrom(policy, fates)
  if (does.length === 0) return { why: 'nothing of what it does can be said here' }
  const { environments } = team.taken
  const labels = [...(when.taken.labels ?? []), ...team.taken.labels]
  const last = alerts && at(policy, 'continue').value === false
  const taken = does.map((each) => ({
    id: around.slugs.give(slugOf(name, 'policy')),
    name,
    when: {
      ...when.taken,
      ...(environments ? { environments } : {}),
      ...(labels.length > 0 ? { labels } : {}),
    },
    does: each,
    ...(last ? { last } : {}),
  }))
  fates.push(
    imported(at(policy, 'type'), alerts ? 'rewrite' : 'alert policy'),
    imported(at(policy, 'enabled'), 'yes'),
    imported(at(policy, 'continue'), last ? 'last' : 'goes on'),
    changed(at(policy, 'id'), taken[0]?.id ?? '', CALLED_BY_SLUG),
    name === given ? imported(at(policy, 'name'), name) : changed(at(policy, 'name'), name, ONE_LINE),
  )
  return { taken, fates }
}

/** Where each stands in its account's lists; what no list names comes last. */
const ordersIn = (files: readonly SourceFile[], fates: Fate[]): ReadonlyMap<string, number> => {
  const orders = new Map<string, number>()
  for (const place of files.map(rootOf).flatMap(entriesOf)) {
    const [id, order] = [textAt(place, 'id'), at(place, 'order').value]
    if (id === undefined || typeof order !== 'number') continue
    orders.set(id, order)
    fates.push(
      imported(at(place, 'order'), 'the order of the list'),
      imported(at(place, 'id'), 'which it is'),
    )
    fates.push(refusedField(place, 'a list says here where a policy stands, and nothing else'))
  }
  return orders
}

/** @param given  files of `policiesV2`. @param ordered files of `ordersV2` */
export const importPolicies = (
  given: readonly SourceFile[],
  ordered: readonly SourceFile[],
  around: Around,
  fates: Fate[],
): AlertPolicyDocument[] => {
  const orders = ordersIn(ordered, fates)
  const placeOf = (root: Place): number =>
    orders.get(textAt(root, 'policy', 'id') ?? '') ?? Number.MAX_SAFE_INTEGER
  const policies: Omit<AlertPolicyDocument, 'position'>[] = []
  for (const root of given.map(rootOf).toSorted((a, b) => placeOf(a) - placeOf(b))) {
    const made: Taken<Policies> = policiesFrom(root, around)
    const why =
      'why' in made
        ? made.why
        : policies.length + made.taken.length > MOST_POLICIES
          ? `at most ${MOST_POLICIES} policies`
          : undefined
    if ('why' in made || why !== undefined) {
      fates.push(refusedField(root, why ?? ''))
      continue
    }
    fates.push(...made.fates, refusedField(root, 'policies do not say this here'))
    policies.push(...made.taken)
  }
  return policies.map((policy, index) => ({ ...policy, position: index + 1 }))
}
