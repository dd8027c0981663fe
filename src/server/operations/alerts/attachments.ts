/** Files beside an alert: attached, taken away as a download, erased for good. */
import { mediaTypeOf } from '../../platform/media-type.ts'
import { dropBlob, getBlob, newBlobKey, putBlob, removeBlobFile } from '../../platform/blobs.ts'
import type { Ctx } from '../../platform/context.ts'
import { sha256 } from '../../platform/evidence-outbox.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { downloadReply, type RawReply } from '../../platform/http/raw-reply.ts'
import { read, record } from '../../platform/record.ts'
import { defineTask, type TaskKind } from '../../platform/tasks/task.ts'
import { actingIn, lockAlertFor, needSomebody, placeOf } from './acting.ts'
import { attachmentsOf, deleteAttachment, insertAttachment } from './attachment-store.ts'
import { alertAttached, alertAttachmentErased, alertAttachmentRead } from './events.ts'

const MOST_ATTACHMENTS = 20

type Which = { readonly alertId: string; readonly attachmentId: string }

/** Also of a closed alert: what was the cause is often found later. */
export const attachToAlert = (
  ctx: Ctx,
  { alertId, fileName }: { alertId: string; fileName: string },
  bytes: unknown,
): Promise<unknown> => {
  if (!Buffer.isBuffer(bytes) || bytes.length === 0)
    throw new Fault('bad-request', 'The body is the file itself, as application/octet-stream.')
  const acting = actingIn(ctx)
  const by = needSomebody(acting)
  return record(ctx, async (tx) => {
    const alert = await lockAlertFor(tx, alertId, acting)
    if ((await attachmentsOf(tx.db, alertId)).length >= MOST_ATTACHMENTS)
      throw new Fault('conflict', `An alert has at most ${MOST_ATTACHMENTS} attachments. Erase one first.`)
    const [id, keyId] = [tx.id(), tx.id()]
    const name = `alert-attachments/${alertId}/${id}`
    const mediaType = mediaTypeOf(fileName)
    await newBlobKey(ctx.platform, tx.db, keyId, tx.now)
    await putBlob(ctx.platform, tx.db, { name, keyId, customerId: alert.customer_id, bytes, at: tx.now })
    await insertAttachment(tx.db, {
      id,
      alert_id: alertId,
      customer_id: alert.customer_id,
      environment_id: alert.environment_id,
      blob_name: name,
      file_name: fileName,
      media_type: mediaType,
      size: bytes.length,
      attached_at: tx.now,
      attached_by: by,
    })
    return tx.append(alertAttached, {
      ...placeOf(alert),
      body: { name: alert.name, fileName, mediaType, size: bytes.length },
      blobs: [{ kind: 'attachment', h: Buffer.from(sha256(bytes)).toString('hex'), n: bytes.length }],
    })
  })
}

/** Who took it away is on record: it may hold what a customer's screens show. */
export const readAttachment = async (ctx: Ctx, which: Which): Promise<RawReply> => {
  const file = await read(ctx, async (db) =>
    (await attachmentsOf(db, which.alertId)).find(({ id }) => id === which.attachmentId),
  )
  if (!file) throw notFound('This attachment')
  const bytes = await getBlob(ctx.platform, ctx.platform.database.db, file.blob_name)
  await record(ctx, async (tx) => {
    const alert = await lockAlertFor(tx, which.alertId, actingIn(ctx))
    return tx.append(alertAttachmentRead, {
      ...placeOf(alert),
      body: { name: alert.name, fileName: file.file_name },
    })
  })
  return downloadReply(file.file_name, file.media_type, bytes)
}

export const removeAttachedFile: TaskKind<{ name: string }> = defineTask('alert.remove-attached-file', {
  lane: 'ordinary',
  run: (ctx, { name }) => removeBlobFile(ctx.platform, name),
})

/** The key of its bytes is destroyed with the row; the file goes when that is committed. */
export const eraseAttachment = (ctx: Ctx, which: Which): Promise<unknown> =>
  record(ctx, async (tx) => {
    const alert = await lockAlertFor(tx, which.alertId, actingIn(ctx))
    const file = await deleteAttachment(tx.db, which)
    if (!file) throw notFound('This attachment')
    await dropBlob(tx.db, file.blob_name)
    tx.later(removeAttachedFile, { payload: { name: file.blob_name } })
    return tx.append(alertAttachmentErased, {
      ...placeOf(alert),
      body: { name: alert.name, fileName: file.file_name, size: file.size },
    })
  })
