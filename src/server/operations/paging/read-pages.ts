/** Pages as lists and details. */
import type { pageRoutes } from '../../../contract/operations/pages.ts'
import type { InputOf, ReplyOf } from '../../../contract/route.ts'
import type { PageState } from '../../../domain/operations/paging/page.ts'
import type { Ctx } from '../../platform/context.ts'
import { actorId } from '../../platform/actor.ts'
import type { Db } from '../../platform/database.ts'
import { notFound } from '../../platform/faults.ts'
import { cutPage, DEFAULT_LIMIT, readKeyset } from '../../platform/keyset.ts'
import { read } from '../../platform/record.ts'
import { presentPage, priorityName } from './present.ts'
import { findPageIntents } from './intent-store.ts'
import { findPageAlerts, findPageRow, findTimeline, listPageRows } from './store.ts'

export const listPages = (
  ctx: Ctx,
  input: InputOf<typeof pageRoutes.listPages>,
): Promise<ReplyOf<typeof pageRoutes.listPages>> => {
  const limit = input.limit ?? DEFAULT_LIMIT
  const account = input.mine === 'true' ? actorId(ctx.actor) : undefined
  return read(ctx, async (db) => {
    const rows = await listPageRows(db, {
      limit: limit + 1,
      ...(input.status ? { status: input.status } : {}),
      ...(input.environment ? { environment: input.environment } : {}),
      ...(account ? { account } : {}),
      ...readKeyset(input.after),
    })
    const { shown, next } = cutPage(rows, limit, (row) => [row.requested_at, row.id])
    return {
      rows: shown.map((row) => presentPage(row, ctx.actor)),
      next,
    }
  })
}

const words: Readonly<Record<string, string>> = {
  'page.requested': 'requested',
  'page.alerts-joined': 'more alerts joined',
  'page.step-began': 'next step',
  'page.acknowledged': 'acknowledged',
  'page.resolved': 'resolved',
}

const timelineOf = async (db: Db, pageId: string) =>
  (await findTimeline(db, pageId)).map((row) => ({
    at: row.at,
    what: words[row.type] ?? row.type,
    by: row.actor_id && row.actor_name ? { id: row.actor_id, name: row.actor_name } : null,
  }))

export const getPage = (
  ctx: Ctx,
  { pageId }: { pageId: string },
): Promise<ReplyOf<typeof pageRoutes.getPage>> =>
  read(ctx, async (db) => {
    const row = await findPageRow(db, pageId)
    if (!row) throw notFound('This page')
    const alerts = await findPageAlerts(db, pageId)
    const intents = await findPageIntents(db, pageId)
    return {
      ...presentPage(row, ctx.actor),
      alerts: alerts.map((alert) => ({
        id: alert.id,
        name: alert.name,
        summary: alert.summary,
        priority: priorityName(alert.priority),
        status: alert.status,
        startsAt: alert.starts_at,
      })),
      intents: intents.map((intent) => ({
        id: intent.id,
        step: intent.step,
        person: { id: intent.account_id, name: intent.account_name },
        channel: intent.channel,
        status:
          intent.status === 'intended' && intent.lease_until_at !== null
            ? ('claimed' as const)
            : intent.status,
        attempt: intent.attempt,
        intendedAt: intent.intended_at,
        dueAt: intent.due_at ?? intent.intended_at,
        endedAt: intent.ended_at,
        outcome: intent.outcome ?? intent.last_answer,
        delivery:
          intent.delivery === null
            ? null
            : {
                status: intent.delivery,
                at: intent.delivery_at ?? 0,
                detail: intent.delivery_detail ?? '',
              },
      })),
      timeline: await timelineOf(db, pageId),
      nextStepAt: (row.state as PageState).nextStepAt,
    }
  })
