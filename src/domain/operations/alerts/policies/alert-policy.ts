/** Policies change what an alert says, when it pages, whether it is one with others: an ordered list, asked as an alert comes in. */
import { isRefusal, refuse, type Refusal } from '../../../refusal.ts'
import { isTooLarge, MOST_LABELS, MOST_VALUES, type AlertCondition } from '../alert-condition.ts'
import type { Priority } from '../priority.ts'
import { parseTemplate } from './template.ts'

/** An alert that fires `times` within some minutes pages once, and again only when it stays for `stayMinutes`. */
export type Flap = { readonly times: number; readonly withinMinutes: number; readonly stayMinutes: number }

/**
 * Texts are templates. `delay`: pages only if it still fires after `minutes`, or was said `occurrences` times, whichever
 * comes first. `suppress`: listed, pages nobody. `auto-close`: closed when it was not said again for `minutes`.
 * `deduplicate`: alerts with one alias are one, with a count. `always-page`: neither policies nor maintenance windows nor
 * flapping keep it from paging. `damp` with null: never damped.
 */
export type PolicyAction =
  | {
      readonly kind: 'rewrite'
      readonly message?: string | undefined
      readonly description?: string | undefined
      readonly priority?: Priority | undefined
      readonly addTags?: readonly string[] | undefined
      readonly removeTags?: readonly string[] | undefined
      readonly details?: Readonly<Record<string, string>> | undefined
    }
  | { readonly kind: 'delay'; readonly minutes: number | null; readonly occurrences: number | null }
  | { readonly kind: 'suppress' }
  | { readonly kind: 'auto-close'; readonly minutes: number }
  | { readonly kind: 'deduplicate'; readonly alias: string }
  | { readonly kind: 'always-page' }
  | { readonly kind: 'damp'; readonly flap: Flap | null }

/** @property id chosen by whoever writes the list, unique in it. @property last policies after it are not asked */
export type AlertPolicy = {
  readonly id: string
  readonly name: string
  readonly when: AlertCondition
  readonly does: PolicyAction
  readonly last?: boolean | undefined
}

export const MOST_POLICIES = 200

export type AlertPolicyRefusal = Refusal<
  | 'too-many-policies'
  | 'policy-id-twice'
  | 'policy-too-large'
  | 'policy-without-effect'
  | 'template-unreadable'
>

const templatesOf = (does: PolicyAction): readonly string[] => {
  if (does.kind === 'deduplicate') return [does.alias]
  if (does.kind !== 'rewrite') return []
  const { message, description, details = {} } = does
  return [message, description, ...Object.values(details)].filter((text) => text !== undefined)
}

const hasEffect = (does: PolicyAction): boolean => {
  if (does.kind === 'delay') return does.minutes !== null || does.occurrences !== null
  if (does.kind !== 'rewrite') return true
  const { kind: _, ...changes } = does
  return Object.values(changes).some((change) => change !== undefined)
}

/** @returns null when this policy can be compiled and asked */
export const checkAlertPolicy = ({ id, when, does }: AlertPolicy): AlertPolicyRefusal | null => {
  if (isTooLarge(when))
    return refuse(
      'policy-too-large',
      `The policy ${id} names more than ${MOST_VALUES} of a kind or ${MOST_LABELS} labels. Split it.`,
    )
  if (!hasEffect(does))
    return refuse('policy-without-effect', `The policy ${id} changes nothing: say what it does.`)
  const wrong = templatesOf(does)
    .map(parseTemplate)
    .find((template) => isRefusal(template))
  return isRefusal(wrong) ? refuse('template-unreadable', `The policy ${id}: ${wrong.detail}`) : null
}

export const checkAlertPolicies = (policies: readonly AlertPolicy[]): AlertPolicyRefusal | null => {
  if (policies.length > MOST_POLICIES)
    return refuse('too-many-policies', `At most ${MOST_POLICIES} policies.`)
  const twice = policies.find(({ id }, index) => policies.findIndex((policy) => policy.id === id) < index)
  if (twice)
    return refuse('policy-id-twice', `Two policies have the id ${twice.id}. Give one of them another.`)
  return policies.map(checkAlertPolicy).find((refusal) => refusal !== null) ?? null
}
