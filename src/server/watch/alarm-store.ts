/** SQL of alarms as people read them. */
import { sql } from 'kysely'
import type { AlarmRow } from '../platform/alarms.ts'
import type { Db } from '../platform/database.ts'

/** Those under way first, then the latest that ended. */
export const findAlarms = (db: Db, limit: number): Promise<AlarmRow[]> =>
  db
    .selectFrom('alarms')
    .selectAll()
    .orderBy(sql`ended_at is not null`)
    .orderBy('raised_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
