/** Which alert pages whom: the first rule that fits an alert decides; where none does, P1 and P2 page by the environment's policy. */
import { refuse, type Refusal } from '../../refusal.ts'
import {
  asksForLabels,
  fitsCondition,
  isTooLarge,
  MOST_LABELS,
  MOST_VALUES,
  type AlertCondition,
  type ConditionedAlert,
} from '../alerts/alert-condition.ts'
import { pages } from '../alerts/priority.ts'
import { isServed, servedNext, type ServiceHours } from './service-hours.ts'

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
  readonly when: AlertCondition
  readonly does: RoutingAction
}

export type Routed =
  | { readonly kind: 'page'; readonly policyId: string | null; readonly rule: RoutingRule | null }
  | { readonly kind: 'wait'; readonly until: number; readonly rule: RoutingRule }
  | { readonly kind: 'list'; readonly rule: RoutingRule | null }

export const MOST_RULES = 200

export type RoutingRefusal = Refusal<'too-many-rules' | 'rule-id-twice' | 'rule-too-large'>

export const checkRouting = (rules: readonly RoutingRule[]): RoutingRefusal | null => {
  if (rules.length > MOST_RULES) return refuse('too-many-rules', `At most ${MOST_RULES} rules.`)
  const twice = rules.find(({ id }, index) => rules.findIndex((rule) => rule.id === id) < index)
  if (twice) return refuse('rule-id-twice', `Two rules have the id ${twice.id}. Give one of them another.`)
  const large = rules.find(({ when }) => isTooLarge(when))
  return large
    ? refuse(
        'rule-too-large',
        `The rule ${large.id} names more than ${MOST_VALUES} of a kind or ${MOST_LABELS} labels. Split it.`,
      )
    : null
}

/**
 * @param hours the service hours of the alert's environment, null for around the clock
 * @param at    epoch milliseconds: when it is asked, not when the alert began
 */
export const route = (
  rules: readonly RoutingRule[],
  alert: ConditionedAlert,
  hours: ServiceHours | null,
  at: number,
): Routed => {
  const served = isServed(hours, at)
  const rule = rules.find(({ when }) => fitsCondition(when, alert, served))
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
  rules.some(({ when }) => asksForLabels(when))
