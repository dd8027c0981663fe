/** What the policies make of an alert as it comes in: read once into a form that is quick to ask, and never in the way of an alert. */
import { isRefusal } from '../../../refusal.ts'
import { minute } from '../../../time/instant.ts'
import { fitsCondition } from '../alert-condition.ts'
import type { AlertFromSource } from '../alert-from-alertmanager.ts'
import { alertGroupKey } from '../alert-group.ts'
import { MOST_DETAILS, withTags } from '../alert-words.ts'
import { checkAlertPolicy, type AlertPolicy, type Flap, type PolicyAction } from './alert-policy.ts'
import { isFilled, parseTemplate, renderTemplate, type Template } from './template.ts'

type Named = { readonly id: string; readonly name: string }

/** What stays with an alert: which policies took part, and what is still to be asked of it. Plain JSON. */
export type Treatment = {
  readonly policies: readonly (Named & { readonly did: PolicyAction['kind'] })[]
  /** As its source sent it, where a policy wrote something else. */
  readonly sent?: Pick<AlertFromSource, 'summary' | 'priority' | 'labels' | 'annotations'>
  readonly suppressedBy?: Named
  /** `until` epoch milliseconds. */
  readonly delay?: {
    readonly by: Named
    readonly until: number | null
    readonly occurrences: number | null
  }
  readonly alwaysPages?: true
  /** null: never damped. Absent: as everybody. */
  readonly flap?: Flap | null
  readonly closes?: { readonly by: Named; readonly afterMinutes: number }
}

/** A policy that could not do what it says, and so did nothing. */
export type PolicyFault = { readonly policyId: string; readonly detail: string }

/** @property alias under which it is one with others; null: it is itself */
export type Treated = {
  readonly alert: AlertFromSource
  readonly treatment: Treatment | null
  readonly alias: string | null
  readonly faults: readonly PolicyFault[]
}

type Drafted = { alert: AlertFromSource; treatment: Treatment; alias: string | null }
type Step = {
  readonly policy: AlertPolicy
  /** @returns a fault's words when it could do nothing */
  readonly act: (draft: Drafted, at: number) => string | undefined
}

/** @property asks what somebody who has them must look up */
export type CompiledPolicies = {
  readonly steps: readonly Step[]
  readonly unreadable: readonly PolicyFault[]
  readonly asks: { readonly hours: boolean; readonly alias: boolean; readonly occurrences: boolean }
}

const LONGEST_MESSAGE = 500
const LONGEST_TEXT = 8_000
export const LONGEST_ALIAS = 512

/** Checked before: what is no template throws, and its policy is left out. */
const readTemplate = (text: string): Template => {
  const template = parseTemplate(text)
  if (isRefusal(template)) throw new Error(template.detail)
  return template
}

const tagsIn = ({ annotations }: AlertFromSource): string[] =>
  (annotations['tags'] ?? '')
    .split(',')
    .map((tag) => tag.trim())
    .filter(Boolean)

type Rewrite = Extract<PolicyAction, { kind: 'rewrite' }>

const rewriter = (does: Rewrite): Step['act'] => {
  const message = does.message === undefined ? undefined : readTemplate(does.message)
  const description = does.description === undefined ? undefined : readTemplate(does.description)
  const details = Object.entries(does.details ?? {}).map(
    ([name, text]) => [name, readTemplate(text)] as const,
  )
  return (draft) => {
    const before = draft.alert
    const summary = message ? renderTemplate(message, before, LONGEST_MESSAGE) : before.summary
    if (summary === '' && before.summary !== '') return 'its message came out empty'
    const annotations: Record<string, string> = { ...before.annotations }
    if (description) annotations['description'] = renderTemplate(description, before, LONGEST_TEXT)
    if (does.addTags || does.removeTags) {
      const tags = withTags(tagsIn(before), { add: does.addTags ?? [], remove: does.removeTags ?? [] })
      if (isRefusal(tags)) return tags.detail
      annotations['tags'] = tags.join(', ')
    }
    // From entries, so that a detail named like a built-in property is a detail and nothing else.
    const labels = Object.fromEntries([
      ...Object.entries(before.labels),
      ...details.map(([name, template]) => [name, renderTemplate(template, before, LONGEST_TEXT)] as const),
    ])
    if (Object.keys(labels).length > MOST_DETAILS) return `an alert has at most ${MOST_DETAILS} details`
    draft.alert = {
      ...before,
      summary,
      priority: does.priority ?? before.priority,
      annotations: Object.fromEntries(Object.entries(annotations).filter(([, text]) => text !== '')),
      labels,
      groupKey: details.length > 0 ? alertGroupKey(labels) : before.groupKey,
    }
    const { labels: sentLabels, annotations: sentAnnotations, ...sent } = before
    draft.treatment = {
      ...draft.treatment,
      sent: draft.treatment.sent ?? {
        summary: sent.summary,
        priority: sent.priority,
        labels: { ...sentLabels },
        annotations: { ...sentAnnotations },
      },
    }
    return undefined
  }
}

const deduplicator = (alias: string): Step['act'] => {
  const template = readTemplate(alias)
  return (draft) => {
    // With a part missing, alerts that have nothing in common would be one: it stays itself.
    if (!isFilled(template, draft.alert)) return 'the alert lacks a part of its alias'
    draft.alias = renderTemplate(template, draft.alert, LONGEST_ALIAS)
    return undefined
  }
}

const actOf = ({ id, name, does }: AlertPolicy): Step['act'] => {
  const by = { id, name }
  const keeping =
    (more: (at: number) => Partial<Treatment>): Step['act'] =>
    (draft, at) => {
      draft.treatment = { ...draft.treatment, ...more(at) }
      return undefined
    }
  switch (does.kind) {
    case 'rewrite':
      return rewriter(does)
    case 'deduplicate':
      return deduplicator(does.alias)
    case 'suppress':
      return keeping(() => ({ suppressedBy: by }))
    case 'delay':
      return keeping((at) => ({
        delay: {
          by,
          until: does.minutes === null ? null : at + does.minutes * minute,
          occurrences: does.occurrences,
        },
      }))
    case 'auto-close':
      return keeping(() => ({ closes: { by, afterMinutes: does.minutes } }))
    case 'always-page':
      return keeping(() => ({ alwaysPages: true }))
    case 'damp':
      return keeping(() => ({ flap: does.flap }))
    default:
      throw new Error(`nobody here knows what ${String((does as { kind?: unknown }).kind)} is`)
  }
}

/**
 * Of those that can apply to one environment. A policy that cannot be read is left out and named: alerts come as if it
 * were not there.
 */
export const compilePolicies = (
  policies: readonly AlertPolicy[],
  where: { readonly customerId: string; readonly environmentId: string },
): CompiledPolicies => {
  const steps: Step[] = []
  const unreadable: PolicyFault[] = []
  for (const policy of policies) {
    try {
      const { customers, environments } = policy.when
      if (customers && !customers.includes(where.customerId)) continue
      if (environments && !environments.includes(where.environmentId)) continue
      const refusal = checkAlertPolicy(policy)
      if (refusal) unreadable.push({ policyId: policy.id, detail: refusal.detail })
      else steps.push({ policy, act: actOf(policy) })
    } catch (error) {
      unreadable.push({ policyId: String(policy?.id), detail: (error as Error).message })
    }
  }
  const does = (kind: PolicyAction['kind']): boolean => steps.some(({ policy }) => policy.does.kind === kind)
  return {
    steps,
    unreadable,
    asks: {
      hours: steps.some(({ policy }) => policy.when.hours !== undefined),
      alias: does('deduplicate'),
      occurrences: steps.some(
        ({ policy: { does: doing } }) => doing.kind === 'delay' && doing.occurrences !== null,
      ),
    },
  }
}

/**
 * Each policy sees what those before it made of the alert.
 * @param served whether the environment is served now
 * @param at     epoch milliseconds
 */
export const treatAlert = (
  { steps }: Pick<CompiledPolicies, 'steps'>,
  alert: AlertFromSource,
  where: { readonly customerId: string; readonly environmentId: string },
  { served, at }: { readonly served: boolean; readonly at: number },
): Treated => {
  const draft: Drafted = { alert, treatment: { policies: [] }, alias: null }
  const faults: PolicyFault[] = []
  for (const { policy, act } of steps) {
    const before = { ...draft }
    try {
      const asked = { ...where, priority: draft.alert.priority, labels: draft.alert.labels }
      if (!fitsCondition(policy.when, asked, served)) continue
      const fault = act(draft, at)
      if (fault !== undefined) faults.push({ policyId: policy.id, detail: fault })
      else {
        const took = { id: policy.id, name: policy.name, did: policy.does.kind }
        draft.treatment = { ...draft.treatment, policies: [...draft.treatment.policies, took] }
      }
    } catch (error) {
      Object.assign(draft, before)
      faults.push({ policyId: policy.id, detail: (error as Error).message })
    }
    if (policy.last === true && faults.at(-1)?.policyId !== policy.id) break
  }
  const { alert: after, treatment, alias } = draft
  return { alert: after, treatment: treatment.policies.length > 0 ? treatment : null, alias, faults }
}
