/** Decisions as lists, details and Markdown. A contact sees what was decided about their environments. */
import type {
  DecisionDetailReply,
  DecisionRowReply,
  decisionRoutes,
} from '../../../contract/operations/decision-log.ts'
import type { InputOf, ReplyOf } from '../../../contract/route.ts'
import { coversChange } from '../../../domain/operations/decision-log/covers-change.ts'
import { statusOf, type DecisionState } from '../../../domain/operations/decision-log/decision.ts'
import type { Terms } from '../../../domain/operations/decision-log/terms.ts'
import { may } from '../../../domain/people/permissions.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database.ts'
import { bodyOf } from '../../platform/event-body.ts'
import { notFound } from '../../platform/faults.ts'
import { cutPage, DEFAULT_LIMIT, readKeyset } from '../../platform/keyset.ts'
import { read } from '../../platform/record.ts'
import { loadStreams, type StreamEvent } from '../../platform/stream.ts'
import { stateFrom, ERASED } from './state.ts'
import {
  countOwed,
  findDecision,
  findDecisionByNumber,
  findDecisionRows,
  findDecisions,
  findNames,
  type DecisionListRow,
} from './store.ts'

const dueAt = (row: DecisionListRow): number =>
  (row.owed === 'write-up' ? row.write_up_by : row.review_by) ?? 0

const presentRow = (row: DecisionListRow, now: number): DecisionRowReply => {
  const words = bodyOf(row.disclosures ?? []) as { what?: string; glassWhy?: string }
  return {
    id: row.id,
    number: `D-${row.number}`,
    environment: { id: row.environment_id, slug: row.environment_slug, name: row.environment_name },
    status: row.status,
    what: words.what ?? words.glassWhy ?? ERASED,
    breakGlass: row.break_glass,
    owed: row.owed ? { what: row.owed, dueAt: dueAt(row), overdue: dueAt(row) <= now } : null,
    validUntil: row.valid_until,
    openedAt: row.opened_at,
    openedBy: { id: row.opened_by, name: row.opened_by_name },
    decidedAt: row.decided_at,
    decidedBy: row.decided_by ? { id: row.decided_by, name: row.decided_by_name ?? '' } : null,
  }
}

export const listDecisions = (
  ctx: Ctx,
  input: InputOf<typeof decisionRoutes.listDecisions>,
): Promise<ReplyOf<typeof decisionRoutes.listDecisions>> => {
  const limit = input.limit ?? DEFAULT_LIMIT
  return read(ctx, async (db) => {
    const rows = await findDecisions(db, {
      limit: limit + 1,
      decidedOnly: ctx.actor.kind === 'contact',
      ...(input.environment ? { environment: input.environment } : {}),
      ...(input.status ? { status: input.status } : {}),
      ...(input.owed ? { owed: true } : {}),
      ...(input.search ? { search: input.search } : {}),
      ...readKeyset(input.after),
    })
    const { shown, next } = cutPage(rows, limit, (row) => [row.opened_at, row.id])
    const now = ctx.platform.clock.now()
    return {
      rows: shown.map((row) => presentRow(row, now)),
      next,
      owedCount: ctx.actor.kind === 'contact' ? 0 : await countOwed(db),
    }
  })
}

const peopleIn = (state: DecisionState): string[] => [
  ...state.entries.map((entry) => entry.by),
  ...(state.decided
    ? [
        state.decided.by,
        ...(state.decided.cooperation.kind === 'with-customer' ? state.decided.cooperation.contactIds : []),
      ]
    : []),
  ...(state.ending ? [state.ending.by] : []),
  ...(state.breakGlass?.writtenUp ? [state.breakGlass.writtenUp.by] : []),
  ...(state.breakGlass?.review ? [state.breakGlass.review.by] : []),
]

type Naming = (id: string) => { id: string; name: string }
const plainTerms = (terms: Terms) => ({ ...terms, options: terms.options.map((option) => ({ ...option })) })

const presentGlass = ({ breakGlass }: DecisionState, person: Naming): DecisionDetailReply['glass'] =>
  breakGlass && {
    why: breakGlass.why,
    openedAt: breakGlass.openedAt,
    writeUpBy: breakGlass.writeUpBy,
    reviewBy: breakGlass.reviewBy,
    writtenUp: breakGlass.writtenUp && { ...breakGlass.writtenUp, by: person(breakGlass.writtenUp.by) },
    review: breakGlass.review && { ...breakGlass.review, by: person(breakGlass.review.by) },
  }

const presentEnding = ({ ending }: DecisionState, person: Naming): DecisionDetailReply['ending'] =>
  ending && {
    kind: ending.kind,
    at: ending.at,
    by: person(ending.by),
    reason: ending.kind === 'withdrawn' ? ending.reason : null,
    supersededBy: ending.kind === 'superseded' ? ending.supersededBy : null,
  }

const allowed = (state: DecisionState, actor: Actor, covered: boolean): DecisionDetailReply['can'] => {
  const change = may(actor, 'decisions.change')
  const status = statusOf(state)
  const lives = state.ending === null
  const glass = state.breakGlass
  const self = actor.kind === 'person' ? actor.accountId : ''
  return {
    decide: change && status === 'proposed',
    amend: change && lives && state.entries.length > 0,
    supersede: change && lives && state.decided !== null,
    withdraw: change && lives && glass === null,
    writeUp: change && glass !== null && glass.writtenUp === null,
    review:
      change &&
      glass !== null &&
      glass.writtenUp !== null &&
      glass.review === null &&
      self !== glass.openedBy &&
      self !== glass.writtenUp.by,
    record: may(actor, 'recordings.record') && covered,
  }
}

const presentDetail = (
  ctx: Ctx,
  row: DecisionListRow,
  state: DecisionState,
  person: Naming,
): DecisionDetailReply => {
  const now = ctx.platform.clock.now()
  const cover = coversChange(state, row.environment_id, now)
  const cooperation = state.decided?.cooperation
  return {
    ...presentRow(row, now),
    terms: state.entries.length > 0 ? plainTerms((state.entries.at(-1) as { terms: Terms }).terms) : null,
    cooperation: cooperation
      ? {
          kind: cooperation.kind,
          contacts: cooperation.kind === 'with-customer' ? cooperation.contactIds.map(person) : [],
        }
      : null,
    entries: state.entries.map((entry) => ({
      at: entry.at,
      by: person(entry.by),
      reason: entry.reason,
      terms: plainTerms(entry.terms),
    })),
    glass: presentGlass(state, person),
    ending: presentEnding(state, person),
    covers: isRefusal(cover) ? { covered: false, why: cover.detail } : { covered: true, why: null },
    can: allowed(state, ctx.actor, !isRefusal(cover)),
  }
}

/** Two queries however many they are. A row whose history is not there is left out. */
export const detailsOf = async (
  ctx: Ctx,
  db: Db,
  rows: readonly DecisionListRow[],
): Promise<DecisionDetailReply[]> => {
  const none: readonly StreamEvent[] = []
  const ids = rows.map(({ id }) => id)
  const histories = rows.length === 0 ? undefined : await loadStreams(db, ids)
  const known = rows.flatMap((row) => {
    const state = stateFrom(row.id, row.environment_id, histories?.get(row.id) ?? none)
    return state ? [{ row, state }] : []
  })
  const names = await findNames(
    db,
    known.flatMap(({ state }) => peopleIn(state)),
  )
  const person: Naming = (id) => ({ id, name: names.get(id) ?? 'somebody' })
  return known.map(({ row, state }) => presentDetail(ctx, row, state, person))
}

const detailOf = async (ctx: Ctx, db: Db, row: DecisionListRow | undefined): Promise<DecisionDetailReply> => {
  if (!row || (ctx.actor.kind === 'contact' && row.decided_at === null)) throw notFound('This decision')
  const [detail] = await detailsOf(ctx, db, [row])
  if (!detail) throw notFound('This decision')
  return detail
}

export const getDecision = (ctx: Ctx, { decisionId }: { decisionId: string }): Promise<DecisionDetailReply> =>
  read(ctx, async (db) => detailOf(ctx, db, await findDecision(db, decisionId)))

export const findDecisionDetail = (
  ctx: Ctx,
  { environment, number }: { environment: string; number: string },
): Promise<DecisionDetailReply> =>
  read(ctx, async (db) =>
    detailOf(ctx, db, await findDecisionByNumber(db, environment, Number(number.slice(2)))),
  )

/** How a record that points at decisions names them. */
export const findDecisionRefs = async (db: Db, ids: readonly string[]) =>
  (await findDecisionRows(db, ids))
    .map((row) => presentRow(row, 0))
    .map(({ id, number, what, status }) => ({ id, number, what, status }))
