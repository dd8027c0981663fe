/** Drills and their plans as replies. */
import type { DrillPlanReply, DrillReply } from '../../../../contract/operations/drills.ts'
import type { DrillListRow } from './drill-store.ts'
import type { PlanListRow } from './plan-store.ts'

const personOf = (id: string | null, name: string | null) => (id === null ? null : { id, name: name ?? '' })

export const presentDrill = (row: DrillListRow): DrillReply => ({
  id: row.id,
  environment: { id: row.environment_id, slug: row.environment_slug, name: row.environment_name },
  person: personOf(row.account_id, row.account_name),
  status: row.status,
  why: row.why,
  scheduled: row.plan_id !== null,
  askedAt: row.asked_at,
  askedBy: personOf(row.asked_by, row.asked_by_name),
  dueAt: row.due_at,
  endedAt: row.ended_at,
  takenBy: personOf(row.taken_by, row.taken_by_name),
  page: row.page_id,
})

export const presentPlan = (row: PlanListRow): DrillPlanReply => ({
  id: row.id,
  environment: { id: row.environment_id, slug: row.environment_slug, name: row.environment_name },
  whom: row.whom,
  person: personOf(row.account_id, row.account_name),
  weekday: row.weekday as DrillPlanReply['weekday'],
  time: row.wall_time,
  zone: row.zone,
  nextAt: row.next_at,
})
