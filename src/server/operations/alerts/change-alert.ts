/** Other words or another priority for an alert, as its source says later or a person by hand. It pages if only now it is urgent. */
import { alertGroupKey } from '../../../domain/operations/alerts/alert-group.ts'
import { firstLine } from '../../../domain/operations/alerts/sent-text.ts'
import { pages, type Priority } from '../../../domain/operations/alerts/priority.ts'
import type { Ctx } from '../../platform/context.ts'
import type { IntegrationActor } from '../../platform/actor.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import { placeOf } from './acting.ts'
import { alertChanged, alertNoted } from './events.ts'
import { lockAlertIn, putWords, type AlertWords } from './environment-store.ts'
import type { AlertRow } from './store.ts'

/** Every field that is given replaces what was there; an annotation of '' goes. */
export type AlertChange = {
  readonly summary?: string
  readonly priority?: Priority
  readonly annotations?: Readonly<Record<string, string>>
  readonly labels?: Readonly<Record<string, string>>
  readonly leniencies?: readonly string[]
}

const sourceOf = (ctx: Ctx): IntegrationActor => {
  if (ctx.actor.kind !== 'integration')
    throw new Fault('not-allowed', 'What an alert says is changed by its source, with an integration key.')
  return ctx.actor
}

const lockOpen = async (tx: WriteTx, environmentId: string, alertId: string): Promise<AlertRow> => {
  const alert = await lockAlertIn(tx.db, environmentId, alertId)
  if (!alert) throw notFound('This alert')
  if (alert.status === 'closed') throw new Fault('conflict', 'This alert is closed. Nothing was changed.')
  return alert
}

const wordsAfter = (alert: AlertRow, change: AlertChange): AlertWords => {
  const annotations = { ...alert.annotations, ...change.annotations }
  const labels = change.labels ?? alert.labels
  const summary = change.summary ?? alert.summary
  // An alert without a name of its own is called by its message.
  const name = firstLine(labels['alertname'] ?? '') || (change.summary ?? alert.name)
  return {
    name,
    summary,
    priority: change.priority ?? alert.priority,
    severity: labels['severity'] ?? '',
    group_key: change.labels
      ? alertGroupKey(labels['alertname'] ? labels : { ...labels, alertname: name })
      : alert.group_key,
    labels: { ...labels },
    annotations: Object.fromEntries(Object.entries(annotations).filter(([, text]) => text !== '')),
    leniencies: [...new Set([...alert.leniencies, ...(change.leniencies ?? [])])].slice(0, 40),
  }
}

const sameTexts = (one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean =>
  Object.keys(one).length === Object.keys(other).length &&
  Object.entries(one).every(([name, text]) => other[name] === text)

const changedFields = (before: AlertRow, after: AlertWords): string[] => [
  ...(before.summary === after.summary ? [] : ['message']),
  ...(before.priority === after.priority ? [] : ['priority']),
  ...(sameTexts(before.labels, after.labels) ? [] : ['labels']),
  ...(sameTexts(before.annotations, after.annotations) ? [] : ['annotations']),
]

/** Stores what the change makes of a locked alert. `fields`: what is different now; empty when nothing is. */
export const rewrite = async (
  tx: WriteTx,
  before: AlertRow,
  change: AlertChange,
): Promise<{ name: string; fields: string[]; pagesNow: boolean }> => {
  const after = wordsAfter(before, change)
  const fields = changedFields(before, after)
  if (fields.length > 0) await putWords(tx.db, before.id, after)
  const raised = !pages(before.priority as Priority) && pages(after.priority as Priority)
  return { name: after.name, fields, pagesNow: raised && before.status === 'open' }
}

/**
 * @param changeOf what follows from the alert as it stands, locked
 * @throws Fault not-found for an alert of another environment, conflict for one that is closed
 */
export const changeAlert = async (
  ctx: Ctx,
  { alertId, changeOf }: { alertId: string; changeOf: (alert: AlertRow) => AlertChange },
): Promise<void> => {
  const { environmentId } = sourceOf(ctx)
  await record<unknown>(ctx, async (tx) => {
    const before = await lockOpen(tx, environmentId, alertId)
    const changed = await rewrite(tx, before, changeOf(before))
    if (changed.fields.length === 0) return NOTHING_CHANGED
    return tx.append(alertChanged, { ...placeOf(before), body: changed })
  })
}

export const noteOnAlert = async (
  ctx: Ctx,
  { alertId, note, by }: { alertId: string; note: string; by: string },
): Promise<void> => {
  const { environmentId } = sourceOf(ctx)
  await record(ctx, async (tx) => {
    const alert = await lockAlertIn(tx.db, environmentId, alertId)
    if (!alert) throw notFound('This alert')
    return tx.append(alertNoted, {
      stream: alertId,
      customerId: alert.customer_id,
      environmentId,
      refs: [['alert', alertId]],
      body: { name: alert.name, note, by },
    })
  })
}
