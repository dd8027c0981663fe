/** Escalations become policies: rules of one moment are one step, and delays count from the step before instead of from the alert. */
import type { Directories } from './directory.ts'
import type { PolicyDocument, TargetDocument } from './document.ts'
import { readRule, type EscalationRule } from './escalation-rule.ts'
import { at, changed, entriesOf, imported, refusedField, rootOf, textAt } from './fields.ts'
import type { Fate, Place, SourceFile, Taken } from './fields.ts'
import { CALLED_BY_SLUG, ONE_LINE } from './import-teams.ts'
import { lineOf, slugOf, type Names } from './naming.ts'

const MOST_STEPS = 10
const MOST_TARGETS = 20
const LONGEST_WAIT_MINUTES = 1_440
const MOST_REPEATS = 9

type Step = PolicyDocument['steps'][number]

/** Rules that begin at once under one condition, in the order of their time; if-not-acked goes before if-not-closed. */
const moments = (rules: readonly EscalationRule[]): EscalationRule[][] => {
  const found = new Map<string, EscalationRule[]>()
  const inOrder = rules.toSorted(
    (a, b) => a.minutes - b.minutes || (a.unless === b.unless ? 0 : a.unless === 'acknowledged' ? -1 : 1),
  )
  for (const rule of inOrder) {
    const key = `${rule.minutes} ${rule.unless}`
    found.set(key, [...(found.get(key) ?? []), rule])
  }
  return [...found.values()]
}

const delayFate = (rule: EscalationRule, begins: number, wait: number, step: number): Fate => {
  const delay = at(rule.place, 'delay')
  if (begins === rule.minutes) return imported(delay, `step ${step + 1}, afterMinutes ${wait}`)
  const why =
    step === 0
      ? 'the first step begins at once'
      : begins > rule.minutes
        ? 'steps are at least a minute apart'
        : `a step waits at most ${LONGEST_WAIT_MINUTES} minutes`
  return changed(delay, `${begins} minutes after the alert`, why)
}

const onlyOnce = (targets: readonly TargetDocument[]): TargetDocument[] => [
  ...new Map(targets.map((target) => [JSON.stringify(target), target])).values(),
]

const stepsFrom = (rules: readonly EscalationRule[], fates: Fate[]): Step[] => {
  const steps: Step[] = []
  let before = 0
  for (const moment of moments(rules)) {
    const [first] = moment
    if (!first) continue
    if (steps.length >= MOST_STEPS) {
      const why = `a policy has at most ${MOST_STEPS} steps here`
      fates.push(...moment.map(({ place }) => refusedField(place, why)))
      continue
    }
    const least = steps.length === 0 ? 0 : before + 1
    const most = steps.length === 0 ? 0 : before + LONGEST_WAIT_MINUTES
    const begins = Math.min(most, Math.max(least, first.minutes))
    const told = moment.slice(0, MOST_TARGETS)
    const whyNot = `a step tells at most ${MOST_TARGETS} here`
    fates.push(
      ...moment.slice(MOST_TARGETS).map(({ place }) => refusedField(place, whyNot)),
      ...told.map((rule) => delayFate(rule, begins, begins - before, steps.length)),
    )
    const targets = onlyOnce(told.map(({ target }) => target))
    const unless = first.unless === 'closed' ? ({ unless: 'closed' } as const) : {}
    steps.push({ afterMinutes: begins - before, ...unless, targets })
    before = begins
  }
  return steps
}

const waitFate = (repeat: Place, count: number, steps: readonly Step[]): Fate => {
  const place = at(repeat, 'waitInterval')
  if (count === 0) return refusedField(place, 'nothing is repeated')
  const longest = Math.max(1, ...steps.map(({ afterMinutes }) => afterMinutes))
  return place.value === longest
    ? imported(place, 'the longest wait of a step')
    : changed(place, String(longest), 'a new round begins after the longest wait of a step')
}

const repeatFrom = (repeat: Place, steps: readonly Step[], fates: Fate[]): number => {
  if (repeat.value === null) fates.push(imported(repeat, 'repeat 0'))
  const given = at(repeat, 'count').value
  const isCount = typeof given === 'number' && Number.isInteger(given) && given >= 0
  const count = isCount ? Math.min(given, MOST_REPEATS) : 0
  if (isCount)
    fates.push(
      count === given
        ? imported(at(repeat, 'count'), `repeat ${count}`)
        : changed(at(repeat, 'count'), String(count), `a policy repeats at most ${MOST_REPEATS} times here`),
    )
  fates.push(waitFate(repeat, count, steps))
  const switches = {
    resetRecipientStates: 'an acknowledgement stays when a policy repeats',
    closeAlertAfterAll: 'nothing here closes an alert because nobody answered: its source does, or a person',
  }
  for (const [field, why] of Object.entries(switches)) {
    const place = at(repeat, field)
    if (place.value === false) fates.push(imported(place, 'no'))
    else fates.push(refusedField(place, why))
  }
  return count
}

type Around = { readonly directories: Directories; readonly slugs: Names }

const policyFrom = (escalation: Place, { directories, slugs }: Around): Taken<PolicyDocument> => {
  const given = textAt(escalation, 'name')
  const name = lineOf(given ?? '')
  if (name === undefined) return { why: 'an escalation without a name cannot be called' }
  const fates: Fate[] = []
  const said: Fate[] = []
  const rules = entriesOf(at(escalation, 'rules')).flatMap((place) => {
    const rule = readRule(place, directories)
    if ('why' in rule) {
      fates.push(refusedField(place, `the rule was refused: ${rule.why}`))
      return []
    }
    said.push(...rule.fates)
    return [rule.taken]
  })
  if (rules.length === 0) return { why: 'none of its rules tells anybody who was taken over' }
  // A rule that is refused for want of room is refused as a whole, so what stepsFrom says goes first.
  const steps = stepsFrom(rules, fates)
  fates.push(...said)
  const slug = slugs.give(slugOf(name, 'escalation'))
  const repeat = repeatFrom(at(escalation, 'repeat'), steps, fates)
  fates.push(
    changed(at(escalation, 'id'), slug, CALLED_BY_SLUG),
    name === given
      ? imported(at(escalation, 'name'), `escalationPolicies.${slug}.name`)
      : changed(at(escalation, 'name'), name, ONE_LINE),
    refusedField(at(escalation, 'description'), 'policies have no description here'),
    refusedField(
      at(escalation, 'ownerTeam'),
      'policies belong to the organisation here, and who may change them goes by roles',
    ),
  )
  return { taken: { slug, name, steps, repeat, fallback: [{ role: 'administrator' }] }, fates }
}

export const importEscalations = (
  files: readonly SourceFile[],
  around: Around,
  fates: Fate[],
): PolicyDocument[] =>
  files.map(rootOf).flatMap((root) => {
    const { escalations } = around.directories
    const policy = policyFrom(root, around)
    const names = [textAt(root, 'name') ?? []].flat()
    if ('why' in policy) {
      escalations.add(root, names, { why: `the escalation was refused: ${policy.why}` })
      fates.push(refusedField(root, policy.why))
      return []
    }
    escalations.add(root, names, { to: policy.taken.slug })
    fates.push(...policy.fates)
    return [policy.taken]
  })
