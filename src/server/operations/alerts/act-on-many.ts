/** One act on many alerts: on those that were chosen, or on all that a question finds. Each alert has its own event, as if done one by one. */
import type { BulkAct, BulkReply, alertRoutes } from '../../../contract/operations/alerts.ts'
import type { InputOf } from '../../../contract/route.ts'
import { may } from '../../../domain/people/permissions.ts'
import { actorOfAccount } from '../../people/accounts/authenticate.ts'
import { findAccount } from '../../people/accounts/store.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { readQuestion } from '../../platform/read-question.ts'
import { NOTHING_CHANGED, read, record } from '../../platform/record.ts'
import { defineTask, type TaskKind } from '../../platform/tasks/task.ts'
import { acknowledgeAlert } from './acknowledge-alert.ts'
import { assignAlert } from './assign-alert.ts'
import { findAsked, findBulk, findMatching, insertBulk, putProgress, type BulkRow } from './bulk-store.ts'
import { closeAlert } from './close-alert.ts'
import { tagAlert } from './edit-alert.ts'
import { alertsBulkRequested } from './events.ts'
import { askingOf, readAsked } from './list-alerts.ts'
import { snoozeAlert } from './snooze-alert.ts'

/** Done while the reply is waited for; what is more goes on as a task. */
const AT_ONCE = 200
const PIECE = 100
const MOST = 10_000
const RESUMED_AFTER_MS = 60_000

const actOnOne = async (ctx: Ctx, alertId: string, act: BulkAct): Promise<unknown> => {
  switch (act.kind) {
    case 'acknowledge':
      return acknowledgeAlert(ctx, { alertId })
    case 'close':
      return closeAlert(ctx, { alertId, reason: act.reason })
    case 'snooze':
      return snoozeAlert(ctx, { alertId, until: act.until })
    case 'assign':
      return assignAlert(ctx, { alertId, owner: act.owner })
    case 'tag':
      return tagAlert(ctx, { alertId, add: act.add, remove: act.remove })
  }
}

/** What an alert does not allow (closed by now, somebody else has it) is passed over; whatever is wrong with us stops it. */
const isPassedOver = (error: unknown): boolean =>
  error instanceof Fault && (error.status === 409 || error.status === 404)

const actOnPiece = async (ctx: Ctx, ids: readonly string[], act: BulkAct): Promise<number> => {
  let changed = 0
  for (const id of ids) {
    try {
      await actOnOne(ctx, id, act)
      changed += 1
    } catch (error) {
      if (!isPassedOver(error)) throw error
    }
  }
  return changed
}

const present = (bulk: BulkRow): BulkReply => ({
  id: bulk.id,
  matched: bulk.alert_ids.length,
  changed: bulk.changed,
  passedOver: bulk.passed_over,
  finished: bulk.finished_at !== null,
})

/** @returns the bulk after one more piece; the same when nothing was left, or somebody else did this piece */
const doPiece = async (ctx: Ctx, bulk: BulkRow, act: BulkAct): Promise<BulkRow> => {
  const position = Math.min(bulk.alert_ids.length, bulk.position + PIECE)
  const changed = await actOnPiece(ctx, bulk.alert_ids.slice(bulk.position, position), act)
  await record<unknown>(ctx, async (tx) => {
    tx.observed()
    const finishedAt = position === bulk.alert_ids.length ? tx.now : null
    return putProgress(tx.db, bulk, { position, changed, finishedAt })
  })
  return (await read(ctx, (db) => findBulk(db, bulk.id))) ?? bulk
}

/** The person's own rights at this moment: whoever lost them in the meantime does no more of it. */
const asWhoAsked = async (ctx: Ctx, bulk: BulkRow): Promise<Ctx | undefined> => {
  const account = await read(ctx, (db) => findAccount(db, bulk.account_id))
  if (!account || account.archived_at !== null) return undefined
  const actor = actorOfAccount(account, 'web')
  return may(actor, 'alerts.change') ? { ...ctx, actor } : undefined
}

export const alertBulk: TaskKind<{ bulkId: string }> = defineTask('alert.bulk', {
  lane: 'ordinary',
  leaseMs: 60_000,
  run: async (ctx, { bulkId }) => {
    const bulk = await read(ctx, (db) => findBulk(db, bulkId))
    if (!bulk || bulk.finished_at !== null) return
    const asked = await read(ctx, (db) => findAsked(db, bulk.event_id))
    const person = await asWhoAsked(ctx, bulk)
    const act = asked?.['act'] as BulkAct | undefined
    // Without its words, or without the right to do it, what is left is passed over.
    const after = person && act ? await doPiece(person, bulk, act) : await passOverRest(ctx, bulk)
    if (after.finished_at === null)
      await record<unknown>(ctx, async (tx) => tx.later(alertBulk, { key: bulkId, payload: { bulkId } }))
  },
})

const passOverRest = async (ctx: Ctx, bulk: BulkRow): Promise<BulkRow> => {
  await record<unknown>(ctx, async (tx) => {
    tx.observed()
    const position = bulk.alert_ids.length
    return (await putProgress(tx.db, bulk, { position, changed: 0, finishedAt: tx.now }))
      ? true
      : NOTHING_CHANGED
  })
  return { ...bulk, finished_at: bulk.created_at }
}

const idsOf = async (
  ctx: Ctx,
  input: InputOf<typeof alertRoutes.actOnAlerts>,
): Promise<readonly string[]> => {
  const { which } = input
  if ('ids' in which) return [...new Set(which.ids)]
  const asked = readAsked(which)
  const ids = await readQuestion(ctx, (db) =>
    findMatching(db, { ...asked, asking: askingOf(ctx), status: which.status ?? 'not-closed' }, MOST + 1),
  )
  if (ids.length > MOST)
    throw new Fault('invalid-input', `More than ${MOST} alerts match. Nothing was changed; ask for fewer.`)
  return ids
}

const begin = (ctx: Ctx, accountId: string, ids: readonly string[], act: BulkAct): Promise<BulkRow> => {
  return record(ctx, async (tx) => {
    const id = tx.id()
    const eventId = tx.append(alertsBulkRequested, { stream: id, body: { act, alertCount: ids.length } })
    const bulk: BulkRow = {
      id,
      event_id: eventId,
      account_id: accountId,
      alert_ids: [...ids],
      position: 0,
      changed: 0,
      passed_over: 0,
      created_at: tx.now,
      finished_at: ids.length === 0 ? tx.now : null,
    }
    await insertBulk(tx.db, bulk)
    // Also of what is done at once: a process that dies amid it leaves nothing half done for long.
    if (ids.length > 0)
      tx.later(alertBulk, {
        key: id,
        dueAt: ids.length > AT_ONCE ? tx.now : tx.now + RESUMED_AFTER_MS,
        payload: { bulkId: id },
      })
    return bulk
  })
}

export const actOnAlerts = async (
  ctx: Ctx,
  input: InputOf<typeof alertRoutes.actOnAlerts>,
): Promise<BulkReply> => {
  const { actor } = ctx
  if (actor.kind !== 'person') throw new Fault('not-allowed', 'Alerts are worked by people. Sign in first.')
  const takes = input.act.kind === 'acknowledge' || input.act.kind === 'snooze'
  if (takes && !may(actor, 'pages.acknowledge'))
    throw new Fault('not-allowed', 'You may not take alerts. Nothing was changed.')
  let bulk = await begin(ctx, actor.accountId, await idsOf(ctx, input), input.act)
  if (bulk.alert_ids.length > AT_ONCE) return present(bulk)
  // The reply that is stored for a repeated request belongs to the first transaction alone.
  const { beforeCommit: _, ...alone } = ctx
  while (bulk.finished_at === null) bulk = await doPiece(alone, bulk, input.act)
  return present(bulk)
}

export const getBulk = async (ctx: Ctx, { bulkId }: { bulkId: string }): Promise<BulkReply> => {
  const bulk = await read(ctx, (db) => findBulk(db, bulkId))
  if (!bulk) throw notFound('This act on many alerts')
  return present(bulk)
}
