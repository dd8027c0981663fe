/** SQL of drills that ring every week. */
import type { DrillTime } from '../../../../domain/operations/paging/drill-plan.ts'
import type { Db, Tx } from '../../../platform/database.ts'

export type PlanRow = {
  id: string
  customer_id: string
  environment_id: string
  whom: string
  account_id: string | null
  weekday: number
  wall_time: string
  zone: string
  next_at: number
  created_at: number
  removed_at: number | null
}

declare module '../../../platform/database.ts' {
  interface Tables {
    drill_plans: PlanRow
  }
}

export const timeOfPlan = ({ weekday, wall_time, zone }: PlanRow): DrillTime => ({
  weekday,
  time: wall_time,
  zone,
})

export const lockPlan = (db: Tx, id: string): Promise<PlanRow | undefined> =>
  db
    .selectFrom('drill_plans')
    .selectAll()
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()

export const lockPlanFor = (db: Tx, environmentId: string, whom: string): Promise<PlanRow | undefined> =>
  db
    .selectFrom('drill_plans')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('whom', '=', whom)
    .where('removed_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()

export const putPlan = async (db: Tx, row: PlanRow): Promise<void> => {
  await db
    .insertInto('drill_plans')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
}

export type PlanListRow = PlanRow & {
  environment_slug: string
  environment_name: string
  account_name: string | null
  account_handle: string | null
}

export const listPlans = (db: Db | Tx): Promise<PlanListRow[]> =>
  db
    .selectFrom('drill_plans')
    .innerJoin('environments', 'environments.id', 'drill_plans.environment_id')
    .leftJoin('accounts', 'accounts.id', 'drill_plans.account_id')
    .selectAll('drill_plans')
    .select([
      'environments.slug as environment_slug',
      'environments.name as environment_name',
      'accounts.name as account_name',
      'accounts.handle as account_handle',
    ])
    .where('drill_plans.removed_at', 'is', null)
    .where('environments.archived_at', 'is', null)
    .orderBy('environments.name')
    .orderBy('drill_plans.whom')
    .limit(2_000)
    .execute()
