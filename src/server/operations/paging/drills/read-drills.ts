/** Drills as lists and details: every step of the path with its time, read from what the path itself wrote down. */
import type { DrillDetailReply, drillRoutes } from '../../../../contract/operations/drills.ts'
import type { InputOf, ReplyOf } from '../../../../contract/route.ts'
import { isProven } from '../../../../domain/operations/paging/drill.ts'
import type { PageState } from '../../../../domain/operations/paging/page.ts'
import { environmentOrFault } from '../../../people/environments/find-environment.ts'
import type { Actor } from '../../../platform/actor.ts'
import type { Ctx } from '../../../platform/context.ts'
import type { Db } from '../../../platform/database.ts'
import { notFound } from '../../../platform/faults.ts'
import { cutPage, DEFAULT_LIMIT, readKeyset } from '../../../platform/keyset.ts'
import { read } from '../../../platform/record.ts'
import { findAlert } from '../../alerts/index.ts'
import { findPageIntents } from '../intent-store.ts'
import { findPageRow } from '../store.ts'
import { isApp } from './apps.ts'
import {
  answersTo,
  findDrill,
  lastProvenOf,
  lastProvenPlaces,
  listDrillRows,
  type DrillListRow,
} from './drill-store.ts'
import { presentDrill } from './present-drill.ts'
import { whoTakesPages } from './start-drill.ts'

type Step = DrillDetailReply['steps'][number]
type Intent = Awaited<ReturnType<typeof findPageIntents>>[number]

const stepOf = (what: Step['what'], at: number, more: Partial<Step> = {}): Step => ({
  what,
  at,
  person: null,
  channel: null,
  detail: '',
  ...more,
})

/** A screen is shown, not sent: it proves nothing. */
const stepsOfIntent = (intent: Intent): Step[] => {
  if (intent.channel === 'screen') return []
  const whose = {
    person: { id: intent.account_id, name: intent.account_name },
    channel: intent.channel,
  }
  const detail = intent.outcome ?? intent.last_answer ?? ''
  const promised = stepOf('promised', intent.intended_at, whose)
  const steps = [promised]
  if (intent.status !== 'intended' && intent.ended_at !== null)
    steps.push(stepOf(intent.status, intent.ended_at, { ...whose, detail }))
  if (intent.delivery !== null && intent.delivery !== 'unknown')
    steps.push(
      stepOf(intent.delivery === 'delivered' ? 'delivered' : 'not-delivered', intent.delivery_at ?? 0, {
        ...whose,
        detail: intent.delivery_detail ?? '',
      }),
    )
  return steps
}

const takenStep = (row: DrillListRow): Step[] => {
  if (row.ended_at === null) return []
  const person = row.taken_by === null ? null : { id: row.taken_by, name: row.taken_by_name ?? '' }
  return [
    row.status === 'proved'
      ? stepOf('taken', row.ended_at, { person })
      : stepOf('missed', row.ended_at, { person, detail: row.why ?? '' }),
  ]
}

const stepsOf = async (db: Db, row: DrillListRow, intents: readonly Intent[]): Promise<Step[]> => {
  const asked = stepOf('asked', row.asked_at, {
    person: row.asked_by === null ? null : { id: row.asked_by, name: row.asked_by_name ?? '' },
  })
  const alert = row.alert_id === null ? undefined : await findAlert(db, row.alert_id)
  const page = row.page_id === null ? undefined : await findPageRow(db, row.page_id)
  return [
    asked,
    ...(alert ? [stepOf('received', alert.opened_at)] : []),
    ...(page ? [stepOf('paged', page.requested_at, { detail: (page.state as PageState).policy.name })] : []),
    ...[...intents.flatMap(stepsOfIntent), ...takenStep(row)].sort((a, b) => a.at - b.at),
  ]
}

const appsOf = async (db: Db, row: DrillListRow, intents: readonly Intent[], actor: Actor) => {
  if (actor.kind !== 'person') return []
  const answers = new Map(
    (await answersTo(db, row.id, actor.accountId)).map(({ method, woke }) => [method, woke]),
  )
  const reached = intents.filter(
    ({ account_id, channel, status }) =>
      account_id === actor.accountId && status === 'sent' && isApp(channel),
  )
  const byMethod = new Map(
    reached.map(({ method_id, channel }) => [method_id ?? ('web-push' as const), channel]),
  )
  return [...byMethod].map(([method, channel]) => ({ method, channel, woke: answers.get(method) ?? null }))
}

export const loadDrill = async (db: Db, drillId: string, actor: Actor): Promise<DrillDetailReply> => {
  const row = await findDrill(db, drillId)
  if (!row) throw notFound('This drill')
  const intents = row.page_id === null ? [] : await findPageIntents(db, row.page_id)
  return {
    ...presentDrill(row),
    steps: await stepsOf(db, row, intents),
    overruledRule: row.overruled_rule,
    apps: await appsOf(db, row, intents, actor),
  }
}

export const getDrill = (ctx: Ctx, { drillId }: { drillId: string }): Promise<DrillDetailReply> =>
  read(ctx, (db) => loadDrill(db, drillId, ctx.actor))

export const listDrills = (
  ctx: Ctx,
  input: InputOf<typeof drillRoutes.listDrills>,
): Promise<ReplyOf<typeof drillRoutes.listDrills>> => {
  const limit = input.limit ?? DEFAULT_LIMIT
  return read(ctx, async (db) => {
    const place =
      input.environment === undefined ? undefined : await environmentOrFault(db, input.environment)
    const rows = await listDrillRows(db, {
      limit: limit + 1,
      ...(place ? { environmentId: place.id } : {}),
      ...readKeyset(input.after),
    })
    const { shown, next } = cutPage(rows, limit, (row) => [row.asked_at, row.id])
    return { rows: shown.map(presentDrill), next }
  })
}

export const showProven = (ctx: Ctx): Promise<ReplyOf<typeof drillRoutes.showProven>> =>
  read(ctx, async (db) => {
    const now = ctx.platform.clock.now()
    const standing = (at: number | null) => ({ provenAt: at, proven: isProven(at, now) })
    const paged = await whoTakesPages(db)
    const people = await lastProvenOf(
      db,
      paged.map(({ id }) => id),
    )
    return {
      environments: (await lastProvenPlaces(db)).map(({ id, slug, name, at }) => ({
        environment: { id, slug, name },
        ...standing(at),
      })),
      people: paged.map(({ id, name }) => ({ person: { id, name }, ...standing(people.get(id) ?? null) })),
    }
  })
