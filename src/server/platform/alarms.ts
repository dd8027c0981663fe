/** Alarms as everybody but the watch sees them: what is under way, and whether anybody watches at all. */
import { sql } from 'kysely'
import type { Platform } from './context.ts'
import { GONE_AFTER_MS } from './processes.ts'

export type AlarmRow = {
  id: string
  kind: string
  subject: string
  detail: string
  since_at: number
  raised_at: number
  seen_at: number
  tell_after_at: number
  told_at: number | null
  told_count: number
  tell_answer: string | null
  ended_at: number | null
}

export type Alertness = {
  /** How many alarms are under way, by kind. */
  readonly alarms: Readonly<Record<string, number>>
  /** A watch process has given a sign of life lately. */
  readonly watched: boolean
}

/** Kinds and counts only: what they are about is for people who may read it. */
export const alertness = async ({ database, clock }: Platform): Promise<Alertness> => {
  const { rows } = await sql<{ watched: boolean; alarms: Record<string, number> | null }>`
    select exists (select 1 from processes where 'watch' = any(roles) and stopped_at is null
                   and seen_at >= ${clock.now() - GONE_AFTER_MS}::bigint) as watched,
           (select jsonb_object_agg(kind, n) from (
              select kind, count(*) as n from alarms where ended_at is null group by kind) k) as alarms`.execute(
    database.db,
  )
  return { watched: rows[0]?.watched ?? false, alarms: rows[0]?.alarms ?? {} }
}

declare module './database.ts' {
  interface Tables {
    alarms: AlarmRow
  }
}
