/** Pages somebody about alerts that just opened, in the very transaction that opened them. */
import { pages as isPaging, type Priority } from '../../../domain/operations/alerts/priority.ts'
import { storable } from '../../../domain/operations/alerts/storable-text.ts'
import type { EscalationPolicy } from '../../../domain/operations/paging/escalation-policy.ts'
import { pageToJoin } from '../../../domain/operations/paging/joins-page.ts'
import { apply, decide, noPage, type PageState } from '../../../domain/operations/paging/page.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import type { WriteTx } from '../../platform/record.ts'
import type { OpenedAlert } from '../alerts/index.ts'
import { beginDueStep } from './begin-step.ts'
import { pageAlertsJoined, pageRequested } from './events.ts'
import { policyFor } from './recipients.ts'
import { insertPage, joinAlerts, lockOpenPages, takeTurnsIn } from './store.ts'

type Where = { readonly customerId: string; readonly environmentId: string }
type Ringing = {
  readonly id: string
  readonly status: 'open'
  readonly priority: Priority
  readonly groupKey: string
}
/** Alerts on their way to one page. `isNew`: the page does not exist yet. */
type Bundle = { readonly page: Ringing; readonly isNew: boolean; readonly alerts: OpenedAlert[] }

/** A storm of thousands joins one page: the record names the first of them, the rows hold all. */
const MOST_NAMED = 20
const LONGEST_TITLE = 300

/** Most urgent first, so that the less urgent of the same batch join its page instead of ringing beside it. */
const bundle = (tx: WriteTx, ringing: readonly Ringing[], opened: readonly OpenedAlert[]): Bundle[] => {
  const known = [...ringing]
  const bundles = new Map<string, Bundle>()
  for (const alert of [...opened].sort((a, b) => a.priority - b.priority)) {
    const incoming = { priority: alert.priority as Priority, groupKey: alert.groupKey }
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

/** @param asked a policy that somebody named: the page rings for these alerts and for nothing that opens later */
const openPage = async (
  tx: WriteTx,
  where: Where,
  { page, alerts }: Bundle,
  asked?: EscalationPolicy,
): Promise<void> => {
  const policy = asked ?? (await policyFor(tx.db, where.environmentId))
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
  await beginDueStep(tx, row, state)
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

/** Pages by a policy that somebody named, however urgent the alert is. */
export const requestPageBy = (
  tx: WriteTx,
  where: Where,
  alert: OpenedAlert,
  policy: EscalationPolicy,
): Promise<void> => {
  const page = {
    id: tx.id(),
    status: 'open' as const,
    priority: alert.priority as Priority,
    groupKey: alert.groupKey,
  }
  return openPage(tx, where, { page, isNew: true, alerts: [alert] }, policy)
}

/** @param opened alerts of one environment, opened in this transaction; those that do not page are passed over */
export const requestPages = async (
  tx: WriteTx,
  where: Where,
  opened: readonly OpenedAlert[],
): Promise<void> => {
  const paging = opened.filter((alert) => isPaging(alert.priority as Priority))
  if (paging.length === 0) return
  await takeTurnsIn(tx.db, where.environmentId)
  const rows = await lockOpenPages(tx.db, where.environmentId)
  const ringing = rows.map(({ id, priority, group_key }): Ringing => ({
    id,
    status: 'open',
    priority: priority as Priority,
    groupKey: group_key,
  }))
  for (const each of bundle(tx, ringing, paging))
    await (each.isNew ? openPage(tx, where, each) : joinPage(tx, where, each))
}
