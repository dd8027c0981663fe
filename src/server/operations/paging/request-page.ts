/** Pages somebody about alerts that just opened, in the very transaction that opened them. */
import type { Priority } from '../../../domain/operations/alerts/priority.ts'
import { storable } from '../../../domain/operations/alerts/storable-text.ts'
import {
  countsInResponse,
  withResponseTime,
  type EscalationPolicy,
} from '../../../domain/operations/paging/escalation-policy.ts'
import { pageToJoin } from '../../../domain/operations/paging/joins-page.ts'
import { apply, decide, noPage, type PageState } from '../../../domain/operations/paging/page.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import { defineTask } from '../../platform/tasks/task.ts'
import type { OpenedAlert } from '../alerts/index.ts'
import { beginDueSteps } from './begin-step.ts'
import { pageAlertsJoined, pageRequested } from './events.ts'
import { findPolicy } from '../on-call/index.ts'
import { policyFor } from './recipients.ts'
import { takeWaiting } from './routing/held-back-store.ts'
import { responseMinutesOf } from './response-times/store.ts'
import { routeAlerts } from './routing/route-alerts.ts'
import { insertPage, joinAlerts, lockOpenPages, takeTurnsIn } from './store.ts'
import { releaseSuppressed } from './suppression/suppressed-store.ts'

type Where = { readonly customerId: string; readonly environmentId: string }
type Ringing = {
  readonly id: string
  readonly status: 'open'
  readonly priority: Priority
  readonly groupKey: string
  /** A policy that a routing rule named; null: the environment's own. */
  readonly policyId: string | null
}
/** Alerts on their way to one page. `isNew`: the page does not exist yet. */
type Bundle = { readonly page: Ringing; readonly isNew: boolean; readonly alerts: OpenedAlert[] }

/** A storm of thousands joins one page: the record names the first of them, the rows hold all. */
const MOST_NAMED = 20
const LONGEST_TITLE = 300

/** Most urgent first, so that the less urgent of the same batch join its page instead of ringing beside it. */
const bundle = (
  tx: WriteTx,
  ringing: readonly Ringing[],
  policyId: string | null,
  opened: readonly OpenedAlert[],
): Bundle[] => {
  const known = [...ringing]
  const bundles = new Map<string, Bundle>()
  for (const alert of [...opened].sort((a, b) => a.priority - b.priority)) {
    const incoming = { priority: alert.priority as Priority, groupKey: alert.groupKey, policyId }
    const joined = pageToJoin(known, incoming)
    const page = known.find(({ id }) => id === joined) ?? {
      id: tx.id(),
      status: 'open' as const,
      ...incoming,
    }
    if (joined === null) known.unshift(page)
    const found = bundles.get(page.id)
    if (found) found.alerts.push(alert)
    else bundles.set(page.id, { page, isNew: joined === null, alerts: [alert] })
  }
  return [...bundles.values()]
}

/** All of them on one new page, however different: what a window kept quiet is told at once. */
const asOne = (tx: WriteTx, policyId: string | null, opened: readonly OpenedAlert[]): Bundle[] => {
  const alerts = [...opened].sort((a, b) => a.priority - b.priority)
  const [first] = alerts
  if (!first) return []
  const { groupKey } = first
  const page = {
    id: tx.id(),
    status: 'open' as const,
    priority: first.priority as Priority,
    groupKey,
    policyId,
  }
  return [{ page, isNew: true, alerts }]
}

const titleOf = (alerts: readonly OpenedAlert[]): string => {
  const [first] = alerts
  const others = new Set(alerts.map((alert) => alert.name)).size - 1
  const { name = 'alert', summary = '' } = first ?? {}
  // Many rules write their name into the summary: once is enough for a line that is read at night.
  const title = summary === '' || summary.startsWith(name) ? summary || name : `${name}: ${summary}`
  return others > 0 ? `${title} (and ${others} more)` : title
}

const causes = (alerts: readonly OpenedAlert[]): string[] =>
  [...new Set(alerts.map((alert) => alert.digest))].filter((digest) => digest !== '').slice(0, MOST_NAMED)

/** One that was archived since the rule was written pages by the environment's policy: never nobody. */
export const routedPolicy = async (
  tx: WriteTx,
  policyId: string | null,
): Promise<EscalationPolicy | undefined> => {
  const policy = policyId === null ? undefined : await findPolicy(tx.db, policyId)
  if (!policy || policy.archivedAt !== null) return undefined
  const { id, name, steps, repeat, fallback } = policy
  return { id, name, steps, repeat, fallback }
}

/** Asked for nothing where no step counts in parts of a response time: most policies, in a storm. */
const inMinutes = async (
  tx: WriteTx,
  { environmentId }: Where,
  priority: Priority,
  policy: EscalationPolicy,
): Promise<EscalationPolicy> => {
  if (!countsInResponse(policy)) return policy
  const minutes = await responseMinutesOf(tx.db, environmentId)
  return withResponseTime(policy, minutes[priority] ?? null)
}

/** @param asked a policy that somebody named: the page rings for these alerts and for nothing that opens later */
const openPage = async (
  tx: WriteTx,
  where: Where,
  { page, alerts }: Bundle,
  asked?: EscalationPolicy,
  { isDrill = false }: { readonly isDrill?: boolean } = {},
): Promise<void> => {
  const named =
    asked ?? (await routedPolicy(tx, page.policyId)) ?? (await policyFor(tx.db, where.environmentId))
  const policy = await inMinutes(tx, where, page.priority, named)
  const title = storable(titleOf(alerts), LONGEST_TITLE)
  const before = noPage(policy)
  const decided = decide(
    before,
    { kind: 'request', priority: page.priority, groupKey: page.groupKey, policy },
    tx.now,
  )
  if (isRefusal(decided)) throw new Error(decided.detail)
  const state: PageState = decided.reduce(apply, before)
  const row = {
    id: page.id,
    customer_id: where.customerId,
    environment_id: where.environmentId,
    priority: page.priority,
    group_key: page.groupKey,
    title,
    incident_id: null,
    requested_at: tx.now,
    joinable: asked === undefined,
    routed_policy_id: page.policyId,
    is_drill: isDrill,
  }
  await insertPage(tx.db, row, state)
  tx.append(pageRequested, {
    stream: page.id,
    ...where,
    refs: [['page', page.id], ...alerts.slice(0, MOST_NAMED).map(({ id }) => ['alert', id] as const)],
    body: {
      priority: page.priority,
      title,
      groupKey: page.groupKey,
      policy,
      alertCount: alerts.length,
      causedBy: causes(alerts),
    },
  })
  await joinAlerts(
    tx.db,
    row,
    alerts.map(({ id }) => id),
    tx.now,
  )
  await beginDueSteps(tx, [{ page: row, state }])
}

const joinPage = async (tx: WriteTx, where: Where, { page, alerts }: Bundle): Promise<void> => {
  await joinAlerts(
    tx.db,
    { id: page.id, customer_id: where.customerId },
    alerts.map(({ id }) => id),
    tx.now,
  )
  const named = alerts.slice(0, MOST_NAMED).map(({ id }) => id)
  tx.append(pageAlertsJoined, {
    stream: page.id,
    ...where,
    refs: [['page', page.id]],
    body: { alertCount: alerts.length, alertIds: named, causedBy: causes(alerts) },
  })
}

/** Pages by a policy that somebody named, however urgent the alert is. @returns the page's id */
export const requestPageBy = async (
  tx: WriteTx,
  where: Where,
  alert: OpenedAlert,
  policy: EscalationPolicy,
  about?: { readonly isDrill: boolean },
): Promise<string> => {
  const page = {
    id: tx.id(),
    status: 'open' as const,
    priority: alert.priority as Priority,
    groupKey: alert.groupKey,
    policyId: null,
  }
  await openPage(tx, where, { page, isNew: true, alerts: [alert] }, policy, about)
  return page.id
}

/** What a page carried and its acknowledgement did not cover rings again, by the policy by which that page rang. */
export const pageAnew = async (
  tx: WriteTx,
  where: Where,
  policyId: string | null,
  alerts: readonly OpenedAlert[],
): Promise<void> => {
  for (const each of bundle(tx, [], policyId, alerts)) await openPage(tx, where, each)
}

/**
 * @param opened   alerts of one environment, opened in this transaction; the routing rules say which of them page, and whom
 * @param together as one page for each policy by which they ring, whatever rings already
 */
export const requestPages = async (
  tx: WriteTx,
  where: Where,
  opened: readonly OpenedAlert[],
  { together = false } = {},
): Promise<void> => {
  if (opened.length === 0) return
  const { toPage, waitUntil } = await routeAlerts(tx, where, opened)
  for (const until of waitUntil)
    tx.later(pageHeldBack, { key: `${where.environmentId} ${until}`, dueAt: until, payload: where })
  if (toPage.size === 0) return
  await takeTurnsIn(tx.db, where.environmentId)
  const rows = await lockOpenPages(tx.db, where.environmentId)
  const ringing = rows.map(({ id, priority, group_key, routed_policy_id }): Ringing => ({
    id,
    status: 'open',
    priority: priority as Priority,
    groupKey: group_key,
    policyId: routed_policy_id,
  }))
  for (const [policyId, alerts] of toPage)
    for (const each of together ? asOne(tx, policyId, alerts) : bundle(tx, ringing, policyId, alerts))
      await (each.isNew ? openPage(tx, where, each) : joinPage(tx, where, each))
}

/** A window is over: what it kept quiet and still fires pages, as one bundle. Late or double runs find nothing left. */
export const pageSuppressed = async (tx: WriteTx, where: Where, windowId: string): Promise<void> => {
  await requestPages(tx, where, await releaseSuppressed(tx.db, windowId, tx.now), { together: true })
}

/**
 * The morning: what waited for an environment to be served, and is still open, pages now, together. Late or double runs
 * do no harm: whoever comes first takes those that wait.
 */
export const pageHeldBack = defineTask<Where>('page.held-back', {
  lane: 'page',
  maxAttempts: 100,
  run: async (ctx, where) => {
    await record<unknown>(ctx, async (tx) => {
      const waiting = await takeWaiting(tx.db, where.environmentId, tx.now)
      tx.observed()
      if (waiting.length === 0) return NOTHING_CHANGED
      await requestPages(tx, where, waiting)
      return true
    })
  },
})
