/** Sorts alerts that just opened by the rules: who pages now and by which policy, who waits for the morning, who is listed. */
import { pages, type Priority } from '../../../../domain/operations/alerts/priority.ts'
import { readsLabels, route, type Routed } from '../../../../domain/operations/paging/routing.ts'
import type { WriteTx } from '../../../platform/record.ts'
import type { OpenedAlert } from '../../alerts/index.ts'
import { loadPolicyFor } from '../../on-call/index.ts'
import { alertsHeldBack } from './events.ts'
import { holdBack } from './held-back-store.ts'
import { holdByPolicy, holdFlapping, type Held } from '../suppression/hold-by-policy.ts'
import { suppressAlerts, type Labelled } from '../suppression/suppress-alerts.ts'
import { labelsOf, routingOf } from './store.ts'

type Where = { readonly customerId: string; readonly environmentId: string }
/** By policy; null is the environment's own. */
type ToPage = ReadonlyMap<string | null, readonly OpenedAlert[]>
/** @property waitUntil when some of them have to be looked at again, epoch milliseconds */
export type RoutedAlerts = { readonly toPage: ToPage; readonly waitUntil: readonly number[] }

/** A storm of thousands is one event: it names the first of them. */
const MOST_NAMED = 20

type HeldBack = Exclude<Routed, { kind: 'page' }>
type Group = { readonly routed: HeldBack; readonly alerts: OpenedAlert[] }

const remember = async (tx: WriteTx, where: Where, { routed, alerts }: Group): Promise<void> => {
  const { rule } = routed
  if (rule === null) return
  const until = routed.kind === 'wait' ? routed.until : null
  const named = alerts.slice(0, MOST_NAMED).map(({ id }) => id)
  tx.append(alertsHeldBack, {
    stream: where.environmentId,
    ...where,
    refs: named.map((id) => ['alert', id] as const),
    body: { rule: { id: rule.id, name: rule.name }, until, alertCount: alerts.length, alertIds: named },
  })
  if (until === null) return
  await holdBack(
    tx.db,
    where,
    alerts.map(({ id }) => id),
    until,
  )
}

/** Only what would have paged without the rule is worth remembering: everything else is listed anyway. */
const isWithheld = (alert: OpenedAlert, routed: HeldBack): boolean =>
  routed.kind === 'wait' || pages(alert.priority as Priority)

const put = <K, V>(map: Map<K, V[]>, key: K, value: V): void => {
  const found = map.get(key)
  if (found) found.push(value)
  else map.set(key, [value])
}

/** A policy that a rule names and the environment follows anyway is one policy: its alerts ring together. */
const ownAsNull = async (
  tx: WriteTx,
  { environmentId }: Where,
  byPolicy: ReadonlyMap<string | null, OpenedAlert[]>,
): Promise<ToPage> => {
  if ([...byPolicy.keys()].every((policyId) => policyId === null)) return byPolicy
  const own = (await loadPolicyFor(tx.db, environmentId))?.id
  const merged = new Map<string | null, OpenedAlert[]>()
  for (const [policyId, alerts] of byPolicy)
    for (const alert of alerts) put(merged, policyId === own ? null : policyId, alert)
  return merged
}

type Decided = Held & { readonly routed: Routed }
type Decisions = { readonly decided: readonly Decided[]; readonly waitUntil: readonly number[] }

const wouldPage = ({ routed }: Decided): boolean => routed.kind !== 'list'
const without =
  (quiet: ReadonlySet<string>) =>
  ({ alert }: Decided): boolean =>
    !quiet.has(alert.id)

/** What the rules say of each; and of those that would page, what policies, windows and their flapping keep from it. */
const decideAll = async (tx: WriteTx, where: Where, opened: readonly OpenedAlert[]): Promise<Decisions> => {
  const { rules, hours, windows } = await routingOf(tx.db, where.environmentId, tx.now)
  // What opened in this transaction says itself what policies made of it.
  const isKnown = opened.every(({ treatment }) => treatment !== undefined)
  const labelled =
    readsLabels(rules) || windows.length > 0 || !isKnown
      ? await labelsOf(
          tx.db,
          opened.map(({ id }) => id),
        )
      : new Map<string, Labelled>()
  const routed = opened.map((alert): Decided => {
    const known = labelled.get(alert.id)
    const asked = { ...where, priority: alert.priority as Priority, labels: known?.labels ?? {} }
    return {
      alert,
      routed: route(rules, asked, hours, tx.now),
      treatment: alert.treatment ?? known?.treatment ?? null,
      count: Math.max(alert.count ?? 1, known?.count ?? 1),
      openedAt: known?.openedAt ?? tx.now,
    }
  })
  const byPolicy = await holdByPolicy(tx, where, routed.filter(wouldPage))
  const asked = routed.filter(without(byPolicy.quiet))
  const urgent = asked.filter(wouldPage).map(({ alert }) => alert)
  const quiet = await suppressAlerts(tx, where, windows, urgent, labelled)
  const loud = asked.filter(without(quiet))
  const paging = loud.filter(({ routed: { kind } }) => kind === 'page')
  const flapping = await holdFlapping(tx, where, paging)
  return {
    decided: loud.filter(without(flapping.quiet)),
    waitUntil: [...byPolicy.waitUntil, ...flapping.waitUntil],
  }
}

/** @param opened alerts of one environment, opened (again) in this transaction */
export const routeAlerts = async (
  tx: WriteTx,
  where: Where,
  opened: readonly OpenedAlert[],
): Promise<RoutedAlerts> => {
  const byPolicy = new Map<string | null, OpenedAlert[]>()
  const held = new Map<string, Group>()
  const { decided, waitUntil } = await decideAll(tx, where, opened)
  for (const { alert, routed } of decided) {
    if (routed.kind === 'page') put(byPolicy, routed.policyId, alert)
    else if (isWithheld(alert, routed)) {
      const key = `${routed.rule?.id} ${routed.kind === 'wait' ? routed.until : ''}`
      const group = held.get(key) ?? { routed, alerts: [] }
      group.alerts.push(alert)
      held.set(key, group)
    }
  }
  for (const group of held.values()) await remember(tx, where, group)
  const waits = [...held.values()].flatMap(({ routed }) => (routed.kind === 'wait' ? [routed.until] : []))
  return { toPage: await ownAsNull(tx, where, byPolicy), waitUntil: [...new Set([...waits, ...waitUntil])] }
}
