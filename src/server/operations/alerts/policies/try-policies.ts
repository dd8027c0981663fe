/** What policies would have made of alerts that came in, beside what those in force make of them: seen before anything is kept. */
import type { alertPolicyRoutes, TreatedAlertReply } from '../../../../contract/operations/alert-policies.ts'
import type { InputOf, ReplyOf } from '../../../../contract/route.ts'
import type { AlertFromSource } from '../../../../domain/operations/alerts/alert-from-alertmanager.ts'
import { tagsOf } from '../../../../domain/operations/alerts/alert-from-opsgenie.ts'
import { alertGroupKey } from '../../../../domain/operations/alerts/alert-group.ts'
import { checkAlertPolicies } from '../../../../domain/operations/alerts/policies/alert-policy.ts'
import {
  compilePolicies,
  treatAlert,
  type CompiledPolicies,
  type PolicyFault,
  type Treated,
} from '../../../../domain/operations/alerts/policies/treat-alert.ts'
import type { Priority } from '../../../../domain/operations/alerts/priority.ts'
import { isServed, type ServiceHours } from '../../../../domain/operations/paging/service-hours.ts'
import type { Ctx } from '../../../platform/context.ts'
import { notFound, refused } from '../../../platform/faults.ts'
import { read } from '../../../platform/record.ts'
import { asRead } from './policies.ts'
import { currentPolicies, hoursOf } from './policy-store.ts'
import { findTried, type TriedRow } from './try-store.ts'

const USUALLY_LOOKED_AT = 500
const MOST_SHOWN = 50
const MINUTE_MS = 60_000

/** As its source sent it, also where a policy wrote something else since. */
const asSent = (row: TriedRow): AlertFromSource => {
  const { summary, priority, labels, annotations } = row.treatment?.sent ?? row
  return {
    status: 'firing',
    fingerprint: row.fingerprint,
    labels,
    annotations,
    severity: labels['severity'] ?? '',
    priority: priority as Priority,
    name: row.name,
    summary,
    groupKey: alertGroupKey(labels),
    startsAt: row.starts_at,
    endsAt: null,
    generatorUrl: undefined,
    leniencies: [],
  }
}

const wroteDetails = (sent: AlertFromSource, { alert }: Treated): Record<string, string> =>
  Object.fromEntries(Object.entries(alert.labels).filter(([name, value]) => sent.labels[name] !== value))

const present = (sent: AlertFromSource, treated: Treated, at: number): TreatedAlertReply => {
  const { alert, treatment, alias } = treated
  const delay = treatment?.delay
  return {
    message: alert.summary,
    priority: `P${alert.priority}`,
    tags: tagsOf(alert.annotations),
    details: wroteDetails(sent, treated),
    alias,
    holds: treatment?.alwaysPages ? null : treatment?.suppressedBy ? 'suppressed' : delay ? 'delayed' : null,
    delayMinutes: delay?.until === undefined || delay.until === null ? null : (delay.until - at) / MINUTE_MS,
    delayOccurrences: delay?.occurrences ?? null,
    closesAfterMinutes: treatment?.closes?.afterMinutes ?? null,
    alwaysPages: treatment?.alwaysPages === true,
    policies: (treatment?.policies ?? []).map(({ name }) => name),
  }
}

type Tried = ReplyOf<typeof alertPolicyRoutes.tryAlertPolicies>
type Sides = { readonly now: CompiledPolicies; readonly would: CompiledPolicies }

/** Compiled once for each environment that alerts came from. */
const sidesOf = (
  inForce: Parameters<typeof compilePolicies>[0],
  drafted: Parameters<typeof compilePolicies>[0],
) => {
  const known = new Map<string, Sides>()
  return (where: { customerId: string; environmentId: string }): Sides => {
    let found = known.get(where.environmentId)
    if (!found) {
      found = { now: compilePolicies(inForce, where), would: compilePolicies(drafted, where) }
      known.set(where.environmentId, found)
    }
    return found
  }
}

const judge = (
  rows: readonly TriedRow[],
  sides: ReturnType<typeof sidesOf>,
  hours: ReadonlyMap<string, ServiceHours | null>,
): Tried => {
  const faults = new Map<string, PolicyFault>()
  let touched = 0
  const changed = rows.flatMap((row): Tried['rows'] => {
    const where = { customerId: row.customer_id, environmentId: row.environment_id }
    const at = row.opened_at
    const asked = { served: isServed(hours.get(row.environment_id) ?? null, at), at }
    const sent = asSent(row)
    const { now: inForce, would: drafted } = sides(where)
    const [now, would] = [treatAlert(inForce, sent, where, asked), treatAlert(drafted, sent, where, asked)]
    for (const fault of [...drafted.unreadable, ...would.faults]) faults.set(fault.policyId, fault)
    if (would.treatment) touched += 1
    const shown = { now: present(sent, now, at), would: present(sent, would, at) }
    // Which policies took part is told; only what comes of it makes a difference.
    const differs =
      JSON.stringify({ ...shown.now, policies: [] }) !== JSON.stringify({ ...shown.would, policies: [] })
    if (!differs) return []
    const environment = { id: row.environment_id, slug: row.environment_slug, name: row.environment_name }
    return [{ alert: { id: row.id, name: row.name, openedAt: at, environment }, ...shown }]
  })
  return {
    looked: rows.length,
    touched,
    changed: changed.length,
    rows: changed.slice(0, MOST_SHOWN),
    faults: [...faults.values()],
  }
}

export const tryAlertPolicies = (
  ctx: Ctx,
  { policies: given, environment, most }: InputOf<typeof alertPolicyRoutes.tryAlertPolicies>,
): Promise<Tried> =>
  read(ctx, async (db) => {
    const inForce = (await currentPolicies(db)).policies
    const drafted = given?.map(asRead) ?? inForce
    const refusal = checkAlertPolicies(drafted)
    if (refusal) throw refused(refusal)
    const rows = await findTried(db, environment, most ?? USUALLY_LOOKED_AT)
    if (!rows) throw notFound('This environment')
    const hours = await hoursOf(db, [...new Set(rows.map((row) => row.environment_id))])
    return judge(rows, sidesOf(inForce, drafted), hours)
  })
