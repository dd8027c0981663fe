/** Which alert pages whom: the first rule that fits an alert decides; where none does, P1 and P2 page by the environment's policy. */
import { refuse, type Refusal } from '../../refusal.ts'
import { pages, type Priority } from '../alerts/priority.ts'
import { isServed, servedNext, type ServiceHours } from './service-hours.ts'

/** The label has one of the values; with none named it is enough that the label is there. `not` turns it round. */
export type LabelCondition = {
  readonly label: string
  readonly oneOf: readonly string[]
  readonly not?: boolean | undefined
}

/** Everything that is named must fit; what is left out fits always. Customers and environments are ids. */
export type RoutingCondition = {
  readonly customers?: readonly string[] | undefined
  readonly environments?: readonly string[] | undefined
  readonly clusters?: readonly string[] | undefined
  readonly priorities?: readonly Priority[] | undefined
  readonly labels?: readonly LabelCondition[] | undefined
  /** By the service hours of the environment; one that has none is served around the clock. */
  readonly hours?: 'within' | 'outside' | undefined
}

/**
 * `page`: at once. `wait`: when the environment is served again, if the alert is still open and nobody has it.
 * `list`: nobody is paged. `policyId` null: by the policy of the environment.
 */
export type RoutingAction =
  | { readonly kind: 'page'; readonly policyId: string | null }
  | { readonly kind: 'wait'; readonly policyId: string | null }
  | { readonly kind: 'list' }

/** @property id chosen by whoever writes the rules, unique among them; history names it */
export type RoutingRule = {
  readonly id: string
  readonly name: string
  readonly when: RoutingCondition
  readonly does: RoutingAction
}

/** @property cluster the label of that name */
export type RoutedAlert = {
  readonly customerId: string
  readonly environmentId: string
  readonly priority: Priority
  readonly labels: Readonly<Record<string, string>>
}

export type Routed =
  | { readonly kind: 'page'; readonly policyId: string | null; readonly rule: RoutingRule | null }
  | { readonly kind: 'wait'; readonly until: number; readonly rule: RoutingRule }
  | { readonly kind: 'list'; readonly rule: RoutingRule | null }

export const MOST_RULES = 200
export const MOST_VALUES = 100
export const MOST_LABELS = 10

export type RoutingRefusal = Refusal<'too-many-rules' | 'rule-id-twice' | 'rule-too-large'>

export const checkRouting = (rules: readonly RoutingRule[]): RoutingRefusal | null => {
  if (rules.length > MOST_RULES) return refuse('too-many-rules', `At most ${MOST_RULES} rules.`)
  const twice = rules.find(({ id }, index) => rules.findIndex((rule) => rule.id === id) < index)
  if (twice) return refuse('rule-id-twice', `Two rules have the id ${twice.id}. Give one of them another.`)
  const large = rules.find(
    ({ when: { customers = [], environments = [], clusters = [], labels = [] } }) =>
      labels.length > MOST_LABELS ||
      [customers, environments, clusters, ...labels.map(({ oneOf }) => oneOf)].some(
        (values) => values.length > MOST_VALUES,
      ),
  )
  return large
    ? refuse(
        'rule-too-large',
        `The rule ${large.id} names more than ${MOST_VALUES} of a kind or ${MOST_LABELS} labels. Split it.`,
      )
    : null
}

const isAmong = <T>(wanted: readonly T[] | undefined, is: T): boolean =>
  wanted === undefined || wanted.includes(is)

const fitsLabel = (labels: RoutedAlert['labels'], { label, oneOf, not = false }: LabelCondition): boolean => {
  // Own only: a label may be called `constructor`.
  const value = Object.hasOwn(labels, label) ? labels[label] : undefined
  const fits = value !== undefined && (oneOf.length === 0 || oneOf.includes(value))
  return fits !== not
}

export const fits = ({ when }: RoutingRule, alert: RoutedAlert, served: boolean): boolean =>
  isAmong(when.customers, alert.customerId) &&
  isAmong(when.environments, alert.environmentId) &&
  isAmong<string | undefined>(when.clusters, alert.labels['cluster']) &&
  isAmong(when.priorities, alert.priority) &&
  (when.labels ?? []).every((condition) => fitsLabel(alert.labels, condition)) &&
  (when.hours === undefined || (when.hours === 'within') === served)

/**
 * @param hours the service hours of the alert's environment, null for around the clock
 * @param at    epoch milliseconds: when it is asked, not when the alert began
 */
export const route = (
  rules: readonly RoutingRule[],
  alert: RoutedAlert,
  hours: ServiceHours | null,
  at: number,
): Routed => {
  const served = isServed(hours, at)
  const rule = rules.find((each) => fits(each, alert, served))
  if (!rule)
    return pages(alert.priority) ? { kind: 'page', policyId: null, rule: null } : { kind: 'list', rule: null }
  switch (rule.does.kind) {
    case 'page':
      return { kind: 'page', policyId: rule.does.policyId, rule }
    case 'list':
      return { kind: 'list', rule }
    case 'wait': {
      const until = servedNext(hours, at)
      return until > at ? { kind: 'wait', until, rule } : { kind: 'page', policyId: rule.does.policyId, rule }
    }
  }
}

/** Whether what the rules decide can depend on the labels of an alert. */
export const readsLabels = (rules: readonly RoutingRule[]): boolean =>
  rules.some(({ when }) => when.clusters !== undefined || (when.labels ?? []).length > 0)
