/** A person corrects what an alert says: its message, its description, how urgent it is, its tags, its details. */
import { withDetails, withTags } from '../../../domain/operations/alerts/alert-words.ts'
import { tagsText } from '../../../domain/operations/alerts/alert-from-opsgenie.ts'
import type { Priority } from '../../../domain/operations/alerts/priority.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault, refused } from '../../platform/faults.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import { actingIn, lockAlertFor, placeOf, type Acting } from './acting.ts'
import { rewrite } from './change-alert.ts'
import { alertChanged, alertDetailsChanged, alertTagged } from './events.ts'
import type { AlertRow } from './store.ts'

type Work = (tx: WriteTx, alert: AlertRow, acting: Acting) => Promise<unknown>

const withOpenAlert = async (ctx: Ctx, alertId: string, by: string | undefined, work: Work) => {
  const acting = actingIn(ctx, by)
  await record<unknown>(ctx, async (tx) => {
    const alert = await lockAlertFor(tx, alertId, acting)
    if (alert.status === 'closed') throw new Fault('conflict', 'This alert is closed. Nothing was changed.')
    return work(tx, alert, acting)
  })
}

export type Edit = {
  readonly message?: string | undefined
  readonly description?: string | undefined
  readonly priority?: Priority | undefined
}

/** What is left out stays; a description of '' goes. A source that says it anew replaces it again. */
export const editAlert = (
  ctx: Ctx,
  { alertId, message, description, priority }: { alertId: string } & Edit,
): Promise<void> =>
  withOpenAlert(ctx, alertId, undefined, async (tx, alert) => {
    const to = {
      ...(message === undefined ? {} : { message }),
      ...(description === undefined ? {} : { description }),
      ...(priority === undefined ? {} : { priority }),
    }
    const changed = await rewrite(tx, alert, {
      ...(message === undefined ? {} : { summary: message }),
      ...(description === undefined ? {} : { annotations: { description } }),
      ...(priority === undefined ? {} : { priority }),
    })
    if (changed.fields.length === 0) return NOTHING_CHANGED
    return tx.append(alertChanged, { ...placeOf(alert), body: { ...changed, to } })
  })

type TagChange = {
  readonly alertId: string
  readonly add?: readonly string[] | undefined
  readonly remove?: readonly string[] | undefined
  readonly by?: string
}

export const tagAlert = (ctx: Ctx, { alertId, add = [], remove = [], by }: TagChange): Promise<void> =>
  withOpenAlert(ctx, alertId, by, async (tx, alert, acting) => {
    const tags = withTags(alert.tags, { add, remove })
    if (isRefusal(tags)) throw refused(tags, 'body.add')
    const added = tags.filter((tag) => !alert.tags.includes(tag))
    const removed = alert.tags.filter((tag) => !tags.includes(tag))
    if (added.length + removed.length === 0) return NOTHING_CHANGED
    await rewrite(tx, alert, { annotations: { tags: tagsText(tags) } })
    return tx.append(alertTagged, {
      ...placeOf(alert, acting.named),
      body: { name: alert.name, added, removed, ...acting.named },
    })
  })

type DetailChange = {
  readonly alertId: string
  readonly set?: Readonly<Record<string, string>> | undefined
  readonly remove?: readonly string[] | undefined
  readonly by?: string
}

/** Details are its labels. The alert stays the one its source knows: what it is told apart by does not change. */
export const changeDetails = (
  ctx: Ctx,
  { alertId, set = {}, remove = [], by }: DetailChange,
): Promise<void> =>
  withOpenAlert(ctx, alertId, by, async (tx, alert, acting) => {
    const labels = withDetails(alert.labels, { set, remove })
    if (isRefusal(labels)) throw refused(labels, 'body.set')
    const removed = Object.keys(alert.labels).filter((name) => !Object.hasOwn(labels, name))
    const given = Object.entries(set).filter(([name, value]) => alert.labels[name] !== value)
    if (given.length + removed.length === 0) return NOTHING_CHANGED
    await rewrite(tx, alert, { labels: labels as Record<string, string> })
    return tx.append(alertDetailsChanged, {
      ...placeOf(alert, acting.named),
      body: { name: alert.name, set: Object.fromEntries(given), removed, ...acting.named },
    })
  })
