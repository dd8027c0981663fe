/** SQL of files that are attached to alerts. */
import type { Db, Tx } from '../../platform/database.ts'

export type AttachmentRow = {
  id: string
  alert_id: string
  customer_id: string
  environment_id: string
  blob_name: string
  file_name: string
  media_type: string
  size: number
  attached_at: number
  attached_by: string
}

declare module '../../platform/database.ts' {
  interface Tables {
    alert_attachments: AttachmentRow
  }
}

export const attachmentsOf = (
  db: Db | Tx,
  alertId: string,
): Promise<(AttachmentRow & { attached_by_name: string })[]> =>
  db
    .selectFrom('alert_attachments')
    .innerJoin('accounts', 'accounts.id', 'alert_attachments.attached_by')
    .selectAll('alert_attachments')
    .select('accounts.name as attached_by_name')
    .where('alert_id', '=', alertId)
    .orderBy('attached_at')
    .orderBy('id')
    .execute()

export const insertAttachment = async (db: Tx, row: AttachmentRow): Promise<void> => {
  await db.insertInto('alert_attachments').values(row).execute()
}

/** @returns the one that was there */
export const deleteAttachment = (
  db: Tx,
  by: { readonly alertId: string; readonly attachmentId: string },
): Promise<AttachmentRow | undefined> =>
  db
    .deleteFrom('alert_attachments')
    .where('id', '=', by.attachmentId)
    .where('alert_id', '=', by.alertId)
    .returningAll()
    .executeTakeFirst()
