/** Which of the alerts that would page a maintenance window keeps quiet. Nothing it cannot be sure of is kept quiet. */
import { fitsScope } from '../../../../domain/operations/alerts/alert-condition.ts'
import { isNeverSuppressed } from '../../../../domain/operations/maintenance/window.ts'
import type { Treatment } from '../../../../domain/operations/alerts/policies/treat-alert.ts'
import type { WriteTx } from '../../../platform/record.ts'
import type { OpenedAlert } from '../../alerts/index.ts'
import { holdInForce, type WindowInForce } from '../../maintenance/index.ts'
import { alertsSuppressed } from './events.ts'
import { putSuppressed } from './suppressed-store.ts'

type Where = { readonly customerId: string; readonly environmentId: string }
/** @property own raised by ourselves. @property count how often it was said. @property openedAt epoch milliseconds */
export type Labelled = {
  readonly labels: Readonly<Record<string, string>>
  readonly own: boolean
  readonly treatment: Treatment | null
  readonly count: number
  readonly openedAt: number
}

/** A storm of thousands is one event: it names the first of them. */
const MOST_NAMED = 20

const remember = async (
  tx: WriteTx,
  where: Where,
  { id, decisionId, number, endsAt }: WindowInForce,
  alerts: readonly OpenedAlert[],
): Promise<void> => {
  const ids = alerts.map((alert) => alert.id)
  const named = ids.slice(0, MOST_NAMED)
  await putSuppressed(tx.db, where, id, ids, tx.now)
  tx.append(alertsSuppressed, {
    stream: where.environmentId,
    ...where,
    refs: [['window', id], ['decision', decisionId], ...named.map((each) => ['alert', each] as const)],
    body: {
      window: id,
      decision: `D-${number}`,
      until: endsAt,
      alertCount: ids.length,
      alertIds: named,
    },
  })
}

/**
 * @param windows those in force when they were read; who ends one meanwhile is waited for, and then it keeps nothing quiet
 * @returns ids of the alerts that are kept quiet
 */
export const suppressAlerts = async (
  tx: WriteTx,
  where: Where,
  windows: readonly WindowInForce[],
  alerts: readonly OpenedAlert[],
  labelled: ReadonlyMap<string, Labelled>,
): Promise<ReadonlySet<string>> => {
  if (windows.length === 0) return new Set()
  const byWindow = Map.groupBy(alerts, ({ id }) => {
    const known = labelled.get(id)
    // One of which nothing is known pages: a window must be sure of what it keeps quiet.
    if (!known || known.treatment?.alwaysPages || isNeverSuppressed(known.labels, known.own)) return undefined
    return windows.find(({ scope }) => fitsScope(scope, known.labels))
  })
  byWindow.delete(undefined)
  if (byWindow.size === 0) return new Set()
  const held = await holdInForce(
    tx.db,
    [...byWindow.keys()].flatMap((window) => window?.id ?? []),
    tx.now,
  )
  const quiet = new Set<string>()
  for (const [window, kept] of byWindow) {
    if (!window || !held.has(window.id)) continue
    await remember(tx, where, window, kept)
    for (const { id } of kept) quiet.add(id)
  }
  return quiet
}
