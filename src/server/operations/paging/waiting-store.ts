/** SQL of what still waits in paging: asked while an installation is held after a restore. */
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database.ts'

export type WaitingRow = {
  readonly task_id: string
  readonly page_id: string
  readonly title: string
  readonly environment: string
  readonly channel: string | null
  readonly account_id: string | null
  readonly account_name: string | null
}

/** The page of each of these tasks and, for a send, whom it would tell and how. Tasks of other areas are left out. */
export const findWaiting = async (db: Db, taskIds: readonly string[]): Promise<WaitingRow[]> => {
  const { rows } = await sql<WaitingRow>`
    select t.id as task_id, p.id as page_id, p.title, e.slug as environment, i.channel, i.account_id, a.name as account_name
    from tasks t
    left join page_intents i on t.kind = 'page.send' and i.id = (t.payload ->> 'intentId')::uuid
    join pages p on p.id = coalesce(i.page_id, case when t.kind = 'page.step' then (t.payload ->> 'pageId')::uuid end)
    join environments e on e.id = p.environment_id
    left join accounts a on a.id = i.account_id
    where t.id = any(${taskIds}::uuid[])`.execute(db)
  return rows
}

export type UnresolvedPageRow = {
  readonly id: string
  readonly title: string
  readonly environment: string
  readonly status: 'open' | 'acknowledged'
  readonly priority: number
  readonly requested_at: number
  readonly next_step_at: number | null
  readonly unfinished_intents: number
}

/** Newest first. */
export const findUnresolved = async (db: Db, limit: number): Promise<UnresolvedPageRow[]> => {
  const { rows } = await sql<UnresolvedPageRow>`
    select p.id, p.title, e.slug as environment, p.status, p.priority, p.requested_at,
           (p.state ->> 'nextStepAt')::bigint as next_step_at,
           (select count(*) from page_intents i where i.page_id = p.id and i.status = 'intended') as unfinished_intents
    from pages p join environments e on e.id = p.environment_id
    where p.status <> 'resolved' order by p.requested_at desc, p.id desc limit ${limit}`.execute(db)
  return rows
}

export const putState = async (db: Tx, pageId: string, state: object): Promise<void> => {
  await db
    .updateTable('pages')
    .set({ state: JSON.stringify(state) })
    .where('id', '=', pageId)
    .execute()
}
