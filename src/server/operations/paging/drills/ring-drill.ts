/** The alert of a drill came in: it pages whom an alert like it would page, on a page of its own that counts for nothing else. */
import { isDrillFingerprint } from '../../../../domain/operations/alerts/drill-mark.ts'
import type { Priority } from '../../../../domain/operations/alerts/priority.ts'
import { decideDrill } from '../../../../domain/operations/paging/drill.ts'
import type { EscalationPolicy } from '../../../../domain/operations/paging/escalation-policy.ts'
import { route } from '../../../../domain/operations/paging/routing.ts'
import { isRefusal } from '../../../../domain/refusal.ts'
import type { WriteTx } from '../../../platform/record.ts'
import type { OpenedAlert } from '../../alerts/index.ts'
import { policyFor } from '../recipients.ts'
import { requestPageBy, routedPolicy } from '../request-page.ts'
import { labelsOf, routingOf } from '../routing/store.ts'
import { lockAskedDrills, putDrill, stateOfDrill, type DrillRow } from './drill-store.ts'
import { drillRang } from './events.ts'

type Where = { readonly customerId: string; readonly environmentId: string }

/** Rung again after five minutes, and once more: a drill of one person proves nobody else. */
const aloneBy = (account: string): EscalationPolicy => {
  const target = { kind: 'account', id: account } as const
  return {
    id: '00000000-0000-7000-8000-000000000004',
    name: 'drill of one person',
    steps: [
      { afterMinutes: 0, targets: [target] },
      { afterMinutes: 5, targets: [target] },
    ],
    repeat: 0,
    fallback: [target],
  }
}

/** By the rules as they stand; one that would let it wait or only list it is overruled, and that is written down. */
const byRouting = async (tx: WriteTx, where: Where, alert: OpenedAlert) => {
  const { rules, hours } = await routingOf(tx.db, where.environmentId, tx.now)
  const labels = (await labelsOf(tx.db, [alert.id])).get(alert.id)?.labels ?? {}
  const asked = { ...where, priority: alert.priority as Priority, labels }
  const routed = route(rules, asked, hours, tx.now)
  const named = routed.kind === 'page' ? await routedPolicy(tx, routed.policyId) : undefined
  return {
    policy: named ?? (await policyFor(tx.db, where.environmentId)),
    overruled: routed.kind === 'page' ? null : (routed.rule?.id ?? null),
  }
}

const ring = async (tx: WriteTx, where: Where, row: DrillRow, alert: OpenedAlert): Promise<void> => {
  if (isRefusal(decideDrill(stateOfDrill(row), { kind: 'ring' }, tx.now))) return
  const { policy, overruled } = row.account_id
    ? { policy: aloneBy(row.account_id), overruled: null }
    : await byRouting(tx, where, alert)
  const pageId = await requestPageBy(tx, where, alert, policy, { isDrill: true })
  await putDrill(tx.db, {
    ...row,
    status: 'ringing',
    alert_id: alert.id,
    page_id: pageId,
    overruled_rule: overruled,
    rang_at: tx.now,
  })
  tx.append(drillRang, {
    stream: row.id,
    ...where,
    refs: [
      ['alert', alert.id],
      ['page', pageId],
    ],
    body: { alert: alert.id, page: pageId, overruledRule: overruled },
  })
}

/** @returns the alerts that are no drills */
export const ringDrills = async (
  tx: WriteTx,
  where: Where,
  opened: readonly OpenedAlert[],
): Promise<readonly OpenedAlert[]> => {
  const named = opened.filter(({ fingerprint }) => isDrillFingerprint(fingerprint))
  if (named.length === 0) return opened
  const rows = await lockAskedDrills(
    tx.db,
    where.environmentId,
    named.map(({ fingerprint }) => fingerprint),
  )
  const drilled = new Set<string>()
  for (const row of rows) {
    const alert = named.find(({ fingerprint }) => fingerprint === row.fingerprint)
    if (!alert) continue
    await ring(tx, where, row, alert)
    drilled.add(alert.id)
  }
  return opened.filter(({ id }) => !drilled.has(id))
}
