/** Opens an incident: from an alert in one key press, or for an environment. */
import type { incidentRoutes } from '../../../contract/operations/incidents.ts'
import type { InputOf } from '../../../contract/route.ts'
import type { Severity } from '../../../domain/operations/incidents/incident.ts'
import type { Ctx } from '../../platform/context.ts'
import { bodyOf } from '../../platform/event-body.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import { findAlert } from '../alerts/index.ts'
import { commandIncidentIn, memberOf } from './command-incident.ts'
import {
  areAlertsOf,
  findEnvironment,
  findIncidentsOfAlert,
  findJustOpened,
  lockEnvironment,
  takeIncidentNumber,
  worstOf,
} from './store.ts'

type Input = InputOf<typeof incidentRoutes.openIncident>
type Origin = {
  readonly environmentId: string
  readonly customerId: string
  readonly title: string
  readonly severity: Severity
  readonly alertIds: readonly string[]
  readonly impactStartedAt: number
}

const fromAlert = async (tx: WriteTx, alertId: string): Promise<Origin> => {
  const alert = await findAlert(tx.db, alertId)
  if (!alert) throw notFound('This alert')
  const title = alert.summary && alert.summary !== alert.name ? `${alert.name}: ${alert.summary}` : alert.name
  return {
    environmentId: alert.environment_id,
    customerId: alert.customer_id,
    title: title.slice(0, 300),
    severity: alert.priority as Severity,
    alertIds: [alert.id],
    impactStartedAt: alert.starts_at,
  }
}

/** Of one environment: an incident is worked, decided and shown there. */
const fromAlerts = async (tx: WriteTx, given: readonly string[]): Promise<Origin> => {
  const ids = [...new Set(given)]
  const origin = await fromAlert(tx, ids[0] ?? '')
  if (!(await areAlertsOf(tx.db, origin.environmentId, ids)))
    throw new Fault(
      'invalid-input',
      'These alerts are not all there, or of several environments. Nothing was changed; open one incident for each environment.',
    )
  const { severity, startedAt } = await worstOf(tx.db, ids)
  return { ...origin, alertIds: ids, severity: severity as Severity, impactStartedAt: startedAt }
}

const fromEnvironment = async (tx: WriteTx, slug: string): Promise<Origin> => {
  const row = await findEnvironment(tx.db, slug)
  if (!row) throw notFound(`The environment ${slug}`)
  return {
    environmentId: row.id,
    customerId: row.customer_id,
    title: `Something is wrong in ${row.name}`,
    severity: 3,
    alertIds: [],
    impactStartedAt: tx.now,
  }
}

/** A second press for an environment within this time, in the same words, is the same press. */
const DOUBLE_CLICK_MS = 10_000

const originOf = (tx: WriteTx, { alertIds, alertId, environment }: Input): Promise<Origin> => {
  if (alertIds) return fromAlerts(tx, alertId ? [alertId, ...alertIds] : alertIds)
  if (alertId) return fromAlert(tx, alertId)
  if (environment) return fromEnvironment(tx, environment)
  throw new Fault('invalid-input', 'Name an alert or an environment.')
}

/** Pressed twice for the same alert, the second finds the incident that the first opened. */
export const openIncident = async (ctx: Ctx, input: Input): Promise<string> => {
  const by = memberOf(ctx)
  let known: string | undefined
  const opened = await record<string | typeof NOTHING_CHANGED>(ctx, async (tx) => {
    const origin = await originOf(tx, input)
    // The environment's row is the lock: of two presses at once the second waits here and finds the first's incident.
    await lockEnvironment(tx.db, origin.environmentId)
    const alerted = origin.alertIds[0] ? await findIncidentsOfAlert(tx.db, origin.alertIds[0]) : []
    // Several alerts may well be put together again, but not twice by one press.
    const isSame = (row: (typeof alerted)[number]): boolean =>
      !input.alertIds || (row.opened_by === by && row.opened_at > tx.now - DOUBLE_CLICK_MS)
    const title = input.title ?? origin.title
    const about = { environmentId: origin.environmentId, openedBy: by, since: tx.now - DOUBLE_CLICK_MS }
    const twice = origin.alertIds.length > 0 ? [] : await findJustOpened(tx.db, about)
    known =
      alerted.find((row) => row.status !== 'resolved' && isSame(row))?.id ??
      twice.find((row) => bodyOf(row.disclosures ?? [])['title'] === title)?.id
    if (known) return NOTHING_CHANGED
    const number = await takeIncidentNumber(tx.db, origin.environmentId)
    const id = tx.id()
    const where = { id, customer_id: origin.customerId, environment_id: origin.environmentId, number }
    await commandIncidentIn(tx, where, null, {
      kind: 'open',
      by,
      incidentId: id,
      environmentId: origin.environmentId,
      title,
      severity: input.severity ?? origin.severity,
      alertIds: origin.alertIds,
      impactStartedAt: origin.impactStartedAt,
    })
    return id
  })
  return opened === NOTHING_CHANGED ? (known as string) : opened
}
