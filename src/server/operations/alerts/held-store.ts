/** SQL of what the sources still report: asked while an installation is held after a restore. */
import { sql } from 'kysely'
import type { Db } from '../../platform/database.ts'

export type ReportedRow = {
  readonly id: string
  readonly name: string
  readonly environment_id: string
  readonly environment_slug: string
  readonly environment_name: string
  readonly status: 'open' | 'acknowledged'
  readonly priority: number
  readonly opened_at: number
  readonly last_seen_at: number | null
}

/** Alerts that are not closed, most urgent first. */
export const findReported = async (db: Db, limit: number): Promise<ReportedRow[]> => {
  const { rows } = await sql<ReportedRow>`
    select a.id, a.name, a.environment_id, e.slug as environment_slug, e.name as environment_name, a.status, a.priority,
           a.opened_at, s.last_seen_at
    from alerts a join environments e on e.id = a.environment_id left join alert_sightings s on s.alert_id = a.id
    where a.status <> 'closed' order by a.priority, a.opened_at desc, a.id limit ${limit}`.execute(db)
  return rows
}

/** All that are not closed, and those of them that their source reported at `since` or later. */
export const countReported = async (
  db: Db,
  since: number,
): Promise<{ notClosed: number; seenSince: number }> => {
  const { rows } = await sql<{ notClosed: number; seenSince: number }>`
    select count(*) as "notClosed",
           count(*) filter (where greatest(a.opened_at, coalesce(s.last_seen_at, 0)) >= ${since}::bigint) as "seenSince"
    from alerts a left join alert_sightings s on s.alert_id = a.id where a.status <> 'closed'`.execute(db)
  return rows[0] ?? { notClosed: 0, seenSince: 0 }
}
