/** Windows as lists and details: what they kept quiet, and what they keep quiet at this moment. */
import type {
  maintenanceRoutes,
  WindowDetailReply,
  WindowReply,
} from '../../../contract/operations/maintenance.ts'
import type { InputOf, ReplyOf } from '../../../contract/route.ts'
import { lastsAt } from '../../../domain/operations/maintenance/window.ts'
import { may } from '../../../domain/people/permissions.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Db } from '../../platform/database.ts'
import { notFound } from '../../platform/faults.ts'
import { cutPage, DEFAULT_LIMIT, readKeyset } from '../../platform/keyset.ts'
import { read } from '../../platform/record.ts'
import { loadStream } from '../../platform/stream.ts'
import { namesOf } from '../../people/accounts/store.ts'
import { findDecisionRefs } from '../decision-log/index.ts'
import { findSuppressed, findWindows, stateOf, type WindowListRow } from './store.ts'

const MOST_SUPPRESSED_SHOWN = 200

const presentRows = async (db: Db, rows: readonly WindowListRow[], now: number): Promise<WindowReply[]> => {
  const decisions = await findDecisionRefs(db, [...new Set(rows.map((row) => row.decision_id))])
  const known = new Map(decisions.map((decision) => [decision.id, decision]))
  return rows.map((row): WindowReply => {
    const { id, scope, startsAt, announcedEndAt, endsAt, ended } = stateOf(row)
    const decision = known.get(row.decision_id)
    return {
      id,
      environment: { id: row.environment_id, slug: row.environment_slug, name: row.environment_name },
      decision: { id: row.decision_id, number: decision?.number ?? '', what: decision?.what ?? '' },
      scope: scope as WindowReply['scope'],
      state: lastsAt(stateOf(row), now) ? 'lasting' : ended === null && now < startsAt ? 'planned' : 'over',
      suppresses: row.suppresses,
      startsAt,
      announcedEndAt,
      endsAt,
      ended: ended && { ...ended },
      plannedAt: row.planned_at,
      plannedBy: { id: row.planned_by, name: row.planned_by_name },
      suppressedCount: row.suppressed_count,
    }
  })
}

export const listWindows = (
  ctx: Ctx,
  {
    limit = DEFAULT_LIMIT,
    environment,
    decision,
    current,
    after,
  }: InputOf<typeof maintenanceRoutes.listWindows>,
): Promise<ReplyOf<typeof maintenanceRoutes.listWindows>> =>
  read(ctx, async (db) => {
    const now = ctx.platform.clock.now()
    const wanted = {
      limit: limit + 1,
      ...(environment ? { environment } : {}),
      ...(decision ? { decision } : {}),
      ...(current ? { current: true } : {}),
      ...readKeyset(after),
    }
    const rows = await findWindows(db, wanted, now)
    const { shown, next } = cutPage(rows, limit, (row) => [row.starts_at, row.id])
    return { rows: await presentRows(db, shown, now), next }
  })

const extensionsOf = async (db: Db, windowId: string): Promise<WindowDetailReply['extensions']> => {
  const events = (await loadStream(db, windowId)).filter(({ type }) => type === 'window.extended')
  const names = await namesOf(
    db,
    events.flatMap(({ actorId }) => actorId ?? []),
  )
  return events.map(({ at, actorId, body }) => {
    const by = actorId === null ? undefined : names.get(actorId)
    return {
      at,
      by: by ? { id: by.id, name: by.name } : null,
      from: Number(body['from'] ?? at),
      endsAt: Number(body['endsAt'] ?? at),
      reason: typeof body['reason'] === 'string' ? body['reason'] : '',
    }
  })
}

export const getWindow = (ctx: Ctx, { windowId }: { windowId: string }): Promise<WindowDetailReply> =>
  read(ctx, async (db) => {
    const now = ctx.platform.clock.now()
    const [window] = await presentRows(db, await findWindows(db, { id: windowId, limit: 1 }, now), now)
    if (!window) throw notFound('This window')
    const suppressed = await findSuppressed(db, windowId, MOST_SUPPRESSED_SHOWN)
    const mayChange = may(ctx.actor, 'decisions.change') && window.ended === null
    return {
      ...window,
      suppressed: suppressed.map(({ priority, ...alert }) => ({
        ...alert,
        priority: `P${priority}` as WindowDetailReply['suppressed'][number]['priority'],
      })),
      extensions: await extensionsOf(db, windowId),
      can: { extend: mayChange && now < window.endsAt, finish: mayChange },
    }
  })
