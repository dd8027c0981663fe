/** Alerts that would page and that a policy, or their own flapping, keeps from it: for good, for a time, until they were said often. */
import { heldBackBy, type HeldBack } from '../../../../domain/operations/alerts/policies/hold-back.ts'
import type { Treatment } from '../../../../domain/operations/alerts/policies/treat-alert.ts'
import type { Priority } from '../../../../domain/operations/alerts/priority.ts'
import { dampedUntil, flapFor } from '../../../../domain/operations/paging/flapping.ts'
import type { Flap } from '../../../../domain/operations/alerts/policies/alert-policy.ts'
import type { WriteTx } from '../../../platform/record.ts'
import { endsOf, type OpenedAlert } from '../../alerts/index.ts'
import { holdBack } from '../routing/held-back-store.ts'
import { alertsDamped, alertsWithheld } from './events.ts'

type Where = { readonly customerId: string; readonly environmentId: string }
/** @property openedAt epoch milliseconds */
export type Held = {
  readonly alert: OpenedAlert
  readonly treatment: Treatment | null
  readonly count: number
  readonly openedAt: number
}
/** @property waitUntil when some of them have to be looked at again */
type Kept = { readonly quiet: ReadonlySet<string>; readonly waitUntil: readonly number[] }

/** A storm of thousands is one event: it names the first of them. */
const MOST_NAMED = 20

const idsOf = (held: readonly { readonly alert: OpenedAlert }[]): string[] =>
  held.map(({ alert }) => alert.id)

const about = (where: Where, ids: readonly string[]) => ({
  stream: where.environmentId,
  ...where,
  refs: ids.slice(0, MOST_NAMED).map((id) => ['alert', id] as const),
})

const withhold = async (
  tx: WriteTx,
  where: Where,
  by: HeldBack,
  held: readonly Held[],
): Promise<number | null> => {
  const ids = idsOf(held)
  const { until, occurrences } = by.kind === 'delayed' ? by : { until: null, occurrences: null }
  tx.append(alertsWithheld, {
    ...about(where, ids),
    body: {
      policy: { id: by.by.id, name: by.by.name },
      until,
      occurrences,
      alertCount: ids.length,
      alertIds: ids.slice(0, MOST_NAMED),
    },
  })
  if (until !== null) await holdBack(tx.db, where, ids, until)
  return until
}

/** @param urgent alerts that would page or wait */
export const holdByPolicy = async (tx: WriteTx, where: Where, urgent: readonly Held[]): Promise<Kept> => {
  const groups = new Map<string, { readonly by: HeldBack; readonly held: Held[] }>()
  for (const each of urgent) {
    const by = heldBackBy(each.treatment, each.count, tx.now)
    if (!by) continue
    const key = JSON.stringify(by)
    const group = groups.get(key) ?? { by, held: [] }
    group.held.push(each)
    groups.set(key, group)
  }
  const quiet = new Set<string>()
  const waitUntil: number[] = []
  for (const { by, held } of groups.values()) {
    const until = await withhold(tx, where, by, held)
    if (until !== null) waitUntil.push(until)
    for (const { alert } of held) quiet.add(alert.id)
  }
  return { quiet, waitUntil }
}

type Damped = { readonly alert: OpenedAlert; readonly flap: Flap; readonly until: number }

const damp = async (tx: WriteTx, where: Where, damped: readonly Damped[]): Promise<void> => {
  for (const group of Map.groupBy(damped, ({ flap, until }) => `${until} ${JSON.stringify(flap)}`).values()) {
    const [first] = group
    if (!first) continue
    const { flap, until } = first
    const ids = idsOf(group)
    tx.append(alertsDamped, {
      ...about(where, ids),
      body: {
        times: flap.times,
        withinMinutes: flap.withinMinutes,
        until,
        alertCount: ids.length,
        alertIds: ids.slice(0, MOST_NAMED),
      },
    })
    await holdBack(tx.db, where, ids, until)
  }
}

/** @param urgent alerts that page now unless they flap */
export const holdFlapping = async (tx: WriteTx, where: Where, urgent: readonly Held[]): Promise<Kept> => {
  const candidates = urgent.flatMap((held) => {
    const { alert, treatment } = held
    const flap = treatment?.alwaysPages ? null : flapFor(alert.priority as Priority, treatment?.flap)
    return flap ? [{ ...held, flap }] : []
  })
  if (candidates.length === 0) return { quiet: new Set(), waitUntil: [] }
  const ends = await endsOf(
    tx.db,
    where.environmentId,
    candidates.map(({ alert }) => alert.fingerprint),
  )
  const damped = candidates.flatMap(({ alert, flap, openedAt }): Damped[] => {
    const until = dampedUntil(flap, ends.get(alert.fingerprint) ?? [], openedAt, tx.now)
    return until === null ? [] : [{ alert, flap, until }]
  })
  await damp(tx, where, damped)
  return { quiet: new Set(idsOf(damped)), waitUntil: damped.map(({ until }) => until) }
}
