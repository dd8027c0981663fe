/** The conditions of a routing rule as ours: each of those returned fits by itself; what cannot be said refuses the rule. */
import type { RoutingConditionDocument } from './document.ts'
import { at, entriesOf, imported, textAt, type Fate, type Place, type Taken } from './fields.ts'

type Clause = Omit<RoutingConditionDocument, 'environments'>

const PRIORITIES = ['P1', 'P2', 'P3', 'P4', 'P5'] as const
const MOST_LABELS = 10
const LONGEST_WORD = 200

const isWord = (text: string | undefined): text is string =>
  text !== undefined &&
  text !== '' &&
  text.length <= LONGEST_WORD &&
  text.isWellFormed() &&
  !text.includes('\u0000')

const fateOf = (place: Place): Fate[] =>
  ['field', 'key', 'not', 'operation', 'expectedValue', 'order'].map((field) =>
    imported(at(place, field), 'routingRules.when'),
  )

const priorityClause = (place: Place, not: boolean): Taken<Clause> => {
  const priority = PRIORITIES.find((one) => one === textAt(place, 'expectedValue'))
  if (textAt(place, 'operation') !== 'equals' || priority === undefined)
    return { why: 'of a priority only that it equals P1 to P5 can be asked here' }
  const priorities = not ? PRIORITIES.filter((one) => one !== priority) : [priority]
  return { taken: { priorities }, fates: fateOf(place) }
}

/** Details of an alert are its labels here. */
const labelClause = (place: Place, not: boolean): Taken<Clause> => {
  const operation = textAt(place, 'operation')
  const expected = textAt(place, 'expectedValue')
  const key = textAt(place, 'key')
  const isThere = operation === 'contains-key'
  const label = isThere ? expected : key
  if (!isWord(label) || (!isThere && (operation !== 'equals' || !isWord(expected))))
    return { why: 'of a detail only that it is there or equals a text can be asked here' }
  const oneOf = isThere ? [] : [expected ?? '']
  return { taken: { labels: [{ label, oneOf, ...(not ? { not } : {}) }] }, fates: fateOf(place) }
}

const clauseFrom = (place: Place): Taken<Clause> => {
  const field = textAt(place, 'field') ?? ''
  const not = at(place, 'not').value === true
  if (field === 'priority') return priorityClause(place, not)
  if (field === 'extra-properties' || field === 'details') return labelClause(place, not)
  return { why: 'it asks for other things than priority and details, which are labels here' }
}

const together = (clauses: readonly Clause[]): Clause => {
  const asked = clauses.flatMap(({ priorities }) => (priorities === undefined ? [] : [priorities]))
  const labels = clauses.flatMap((clause) => clause.labels ?? [])
  return {
    ...(asked.length === 0
      ? {}
      : { priorities: PRIORITIES.filter((one) => asked.every((among) => among.includes(one))) }),
    ...(labels.length === 0 ? {} : { labels }),
  }
}

const FITS_NOTHING = 'no alert has two priorities: it fits none'

/** @returns one condition for each rule of ours that the rule becomes: where any of several is enough, one for each */
export const readCriteria = (criteria: Place): Taken<readonly Clause[]> => {
  const kind = textAt(criteria, 'type') ?? 'match-all'
  const typeFate = imported(at(criteria, 'type'), 'routingRules.when')
  const listed = at(criteria, 'conditions')
  if (kind === 'match-all')
    return entriesOf(listed).length > 0
      ? { why: 'it fits every alert and names conditions: which of both is meant cannot be known' }
      : { taken: [{}], fates: [typeFate, imported(listed, 'every alert')] }
  if (kind !== 'match-all-conditions' && kind !== 'match-any-condition')
    return { why: 'how its conditions belong together is not known here' }
  const clauses: Clause[] = []
  const fates: Fate[] = [typeFate]
  for (const place of entriesOf(listed)) {
    const clause = clauseFrom(place)
    if ('why' in clause) return clause
    clauses.push(clause.taken)
    fates.push(...clause.fates)
  }
  if (clauses.length === 0) return { why: 'it has no conditions, and every alert would fit it' }
  if (kind === 'match-any-condition') return { taken: clauses, fates }
  const all = together(clauses)
  if (all.priorities?.length === 0) return { why: FITS_NOTHING }
  if ((all.labels?.length ?? 0) > MOST_LABELS)
    return { why: `a rule asks for at most ${MOST_LABELS} labels here` }
  return { taken: [all], fates }
}
