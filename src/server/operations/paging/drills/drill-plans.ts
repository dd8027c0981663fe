/** Drills that ring every week: planned, moved, taken away, and rung when their time has come. */
import type { DrillPlanReply, drillRoutes } from '../../../../contract/operations/drills.ts'
import type { InputOf, ReplyOf } from '../../../../contract/route.ts'
import {
  checkDrillTime,
  nextDrillAt,
  stillRings,
  USUAL_TIME,
} from '../../../../domain/operations/paging/drill-plan.ts'
import { may } from '../../../../domain/people/permissions.ts'
import { environmentNamed } from '../../../people/environments/find-environment.ts'
import { readerOf } from '../../../people/accounts/reader.ts'
import type { Ctx } from '../../../platform/context.ts'
import { notFound, refused } from '../../../platform/faults.ts'
import { NOTHING_CHANGED, read, record, type WriteTx } from '../../../platform/record.ts'
import { defineTask, type TaskKind } from '../../../platform/tasks/task.ts'
import { drillPlanned, drillPlanRemoved } from './events.ts'
import { listPlans, lockPlan, lockPlanFor, putPlan, timeOfPlan, type PlanRow } from './plan-store.ts'
import { presentPlan } from './present-drill.ts'
import { askForDrill, requirePaged, whoTakesPages } from './start-drill.ts'

const arm = (tx: WriteTx, { id, next_at }: PlanRow): void =>
  tx.later(drillDue, { key: id, dueAt: next_at, payload: { planId: id } })

type Wanted = {
  readonly environment: string
  readonly whom: string
  readonly weekday?: number | undefined
  readonly time?: string | undefined
  readonly zone: string
}

const isAccount = (whom: string): boolean => whom !== 'policy' && whom !== 'everybody'

export const keepPlan = async (tx: WriteTx, wanted: Wanted): Promise<string> => {
  const place = await environmentNamed(tx.db, wanted.environment)
  if (isAccount(wanted.whom)) await requirePaged(tx, wanted.whom)
  const before = await lockPlanFor(tx.db, place.id, wanted.whom)
  const time = {
    weekday: wanted.weekday ?? before?.weekday ?? USUAL_TIME.weekday,
    time: wanted.time ?? before?.wall_time ?? USUAL_TIME.time,
    zone: wanted.zone,
  }
  const fault = checkDrillTime(time)
  if (fault) throw refused(fault)
  const row: PlanRow = {
    id: before?.id ?? tx.id(),
    customer_id: place.customer_id,
    environment_id: place.id,
    whom: wanted.whom,
    account_id: isAccount(wanted.whom) ? wanted.whom : null,
    weekday: time.weekday,
    wall_time: time.time,
    zone: time.zone,
    next_at: nextDrillAt(time, tx.now),
    created_at: before?.created_at ?? tx.now,
    removed_at: null,
  }
  await putPlan(tx.db, row)
  tx.append(drillPlanned, {
    stream: row.id,
    customerId: row.customer_id,
    environmentId: row.environment_id,
    body: { whom: row.whom, ...time, nextAt: row.next_at },
  })
  arm(tx, row)
  return row.id
}

export const putDrillPlan = async (
  ctx: Ctx,
  { whom = 'policy', zone, ...rest }: InputOf<typeof drillRoutes.putDrillPlan>,
): Promise<DrillPlanReply> => {
  const id = await record(ctx, async (tx) =>
    keepPlan(tx, { ...rest, whom, zone: zone ?? (await readerOf(tx.db, ctx.actor)).zone }),
  )
  const row = (await read(ctx, listPlans)).find((plan) => plan.id === id)
  if (!row) throw notFound('This plan')
  return presentPlan(row)
}

export const endPlan = (tx: WriteTx, row: PlanRow): Promise<void> => {
  tx.cancelTask(drillDue, row.id)
  tx.append(drillPlanRemoved, {
    stream: row.id,
    customerId: row.customer_id,
    environmentId: row.environment_id,
    body: { whom: row.whom },
  })
  return putPlan(tx.db, { ...row, removed_at: tx.now })
}

export const removeDrillPlan = async (ctx: Ctx, { planId }: { planId: string }): Promise<{ done: true }> => {
  await record(ctx, async (tx) => {
    const row = await lockPlan(tx.db, planId)
    if (!row) throw notFound('This plan')
    await endPlan(tx, row)
  })
  return { done: true }
}

export const listDrillPlans = (ctx: Ctx): Promise<ReplyOf<typeof drillRoutes.listDrillPlans>> =>
  read(ctx, async (db) => ({
    rows: (await listPlans(db)).map(presentPlan),
    can: { change: may(ctx.actor, 'on-call.change'), run: may(ctx.actor, 'pages.acknowledge') },
  }))

/** Whom one week's drill rings: null for one drill by routing and policy. Somebody who left is rung no more. */
const whomOf = async (tx: WriteTx, row: PlanRow): Promise<(string | null)[]> => {
  if (row.whom === 'policy') return [null]
  const paged = (await whoTakesPages(tx.db)).map(({ id }) => id)
  return row.account_id === null ? paged : paged.filter((id) => id === row.account_id)
}

/** Of an archived environment nothing is asked, and its plan waits. */
const isInUse = async (tx: WriteTx, row: PlanRow): Promise<boolean> =>
  (await environmentNamed(tx.db, row.environment_id).catch(() => undefined)) !== undefined

export const drillDue: TaskKind<{ planId: string }> = defineTask('drill.due', {
  lane: 'page',
  run: async (ctx, { planId }) => {
    await record<unknown>(ctx, async (tx) => {
      const row = await lockPlan(tx.db, planId)
      if (!row) return NOTHING_CHANGED
      if (row.next_at > tx.now) return arm(tx, row)
      const place = { customerId: row.customer_id, environmentId: row.environment_id }
      if (stillRings(row.next_at, tx.now) && (await isInUse(tx, row)))
        for (const person of await whomOf(tx, row))
          await askForDrill(tx, { ...place, person, planId: row.id })
      const next = { ...row, next_at: nextDrillAt(timeOfPlan(row), tx.now) }
      await putPlan(tx.db, next)
      tx.append(drillPlanned, {
        stream: row.id,
        ...place,
        body: { whom: row.whom, ...timeOfPlan(row), nextAt: next.next_at },
      })
      return arm(tx, next)
    })
  },
})
