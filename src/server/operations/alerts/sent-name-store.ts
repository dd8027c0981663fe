/** SQL of the names by which senders know their alerts. Row-level security knows customers alone: the environment is always named. */
import { sql } from 'kysely'
import type { Db } from '../../platform/database.ts'

export type SentNameRow = {
  environment_id: string
  fingerprint: string
  customer_id: string
  alert_id: string
  likeness: Buffer
  heard_at: number
}

declare module '../../platform/database.ts' {
  interface Tables {
    sent_alert_names: SentNameRow
  }
}

export type OpenNamed = { readonly id: string; readonly fingerprint: string }

/** The open alert that is known by this name too. */
export const findOpenByName = async (
  db: Db,
  environmentId: string,
  fingerprint: string,
): Promise<OpenNamed | undefined> => {
  const { rows } = await sql<OpenNamed>`
    select a.id, a.fingerprint from sent_alert_names n join alerts a on a.id = n.alert_id and a.status <> 'closed'
    where n.environment_id = ${environmentId}::uuid and n.fingerprint = ${fingerprint}::text`.execute(db)
  return rows[0]
}

/** The open alert about which the same was said last; the oldest where there are several. */
export const findOpenAlike = async (
  db: Db,
  environmentId: string,
  likeness: Buffer,
): Promise<OpenNamed | undefined> => {
  const { rows } = await sql<OpenNamed>`
    select a.id, a.fingerprint from sent_alert_names n join alerts a on a.id = n.alert_id and a.status <> 'closed'
    where n.environment_id = ${environmentId}::uuid and n.likeness = ${likeness} order by a.opened_at, a.id limit 1`.execute(
    db,
  )
  return rows[0]
}

export const putSentName = async (db: Db, row: SentNameRow): Promise<void> => {
  await db
    .insertInto('sent_alert_names')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['environment_id', 'fingerprint'])
        .doUpdateSet({ alert_id: row.alert_id, likeness: row.likeness, heard_at: row.heard_at }),
    )
    .execute()
}

/** Of alerts that are closed: whatever comes under such a name is a new fire. */
export const forgetNamesOfClosed = async (db: Db): Promise<void> => {
  await sql`
    delete from sent_alert_names n using alerts a where a.id = n.alert_id and a.status = 'closed'`.execute(db)
}
