/** Entries of the Operator Log: made from a closed session or written by hand; attachments; what a customer is shown. */
import type { operatorLogRoutes } from '../../../contract/operations/operator-log.ts'
import type { InputOf } from '../../../contract/route.ts'
import { newBlobKey, putBlob } from '../../platform/blobs.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Ref } from '../../platform/events.ts'
import { sha256 } from '../../platform/evidence-outbox.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { record, type WriteTx } from '../../platform/record.ts'
import { logEntryAttached, logEntryRecorded, logEntryReleased } from './events.ts'
import { mediaTypeOf } from '../../platform/media-type.ts'
import { findDecisionNamed, operatorOf } from './open-session.ts'
import {
  addAttachment,
  addEntry,
  findAttachments,
  findLogEntry,
  markReleased,
  takeLogNumber,
  type LogEntryListRow,
} from './entry-store.ts'
import { findIncidentNamed } from '../decision-log/index.ts'
import { findEnvironment, type LogCategory, type SessionKind } from './store.ts'

type NewEntry = {
  readonly customerId: string
  readonly environmentId: string
  readonly category: LogCategory
  readonly what: string
  readonly summary: string
  readonly tooling: string
  readonly links: readonly string[]
  readonly author: string
  readonly recording: { readonly id: string; readonly kind: SessionKind } | null
  readonly decisionId: string | null
  readonly incidentId: string | null
  readonly alertId: string | null
}

const refsOf = (id: string, entry: NewEntry): Ref[] => [
  ['log-entry', id],
  ...(entry.recording ? ([['session', entry.recording.id]] as const) : []),
  ...(entry.decisionId ? ([['decision', entry.decisionId]] as const) : []),
  ...(entry.incidentId ? ([['incident', entry.incidentId]] as const) : []),
  ...(entry.alertId ? ([['alert', entry.alertId]] as const) : []),
]

export const addLogEntry = async (tx: WriteTx, entry: NewEntry): Promise<string> => {
  const id = tx.id()
  const number = await takeLogNumber(tx.db, entry.environmentId)
  const contentEventId = tx.append(logEntryRecorded, {
    stream: id,
    customerId: entry.customerId,
    environmentId: entry.environmentId,
    refs: refsOf(id, entry),
    body: {
      number: `L-${number}`,
      category: entry.category,
      what: entry.what,
      summary: entry.summary,
      tooling: entry.tooling,
      links: [...entry.links],
      author: entry.author,
      kind: entry.recording?.kind ?? null,
    },
  })
  await addEntry(tx.db, {
    id,
    customer_id: entry.customerId,
    environment_id: entry.environmentId,
    number,
    category: entry.category,
    recording_id: entry.recording?.id ?? null,
    decision_id: entry.decisionId,
    incident_id: entry.incidentId,
    author_id: entry.author,
    content_event_id: contentEventId,
    at: tx.now,
    released_at: null,
  })
  return id
}

/** Only records of this environment: their ids go into a log that its customer takes away. */
const checkPlace = async (
  tx: WriteTx,
  environment: { readonly id: string; readonly slug: string; readonly customer_id: string },
  { decisionId, incidentId }: { decisionId?: string | undefined; incidentId?: string | undefined },
): Promise<void> => {
  if (decisionId) {
    const decision = await findDecisionNamed(tx, environment, decisionId)
    if (decision.environmentId !== environment.id) throw notFound(`The decision in ${environment.slug}`)
  }
  if (incidentId && !(await findIncidentNamed(tx.db, environment.id, incidentId)))
    throw notFound(`The incident in ${environment.slug}`)
}

export const writeLogEntry = (
  ctx: Ctx,
  input: InputOf<typeof operatorLogRoutes.writeLogEntry>,
): Promise<string> =>
  record(ctx, async (tx) => {
    const author = operatorOf(ctx)
    const environment = await findEnvironment(tx.db, input.environment)
    if (!environment) throw notFound(`The environment ${input.environment}`)
    await checkPlace(tx, environment, input)
    return addLogEntry(tx, {
      customerId: environment.customer_id,
      environmentId: environment.id,
      category: input.category,
      what: input.what,
      summary: input.summary,
      tooling: input.tooling ?? '',
      links: input.links ?? [],
      author,
      recording: null,
      decisionId: input.decisionId ?? null,
      incidentId: input.incidentId ?? null,
      alertId: null,
    })
  })

const mustFind = async (tx: WriteTx, entryId: string): Promise<LogEntryListRow> => {
  const row = await findLogEntry(tx.db, entryId)
  if (!row) throw notFound('This entry')
  return row
}

const MOST_ATTACHMENTS = 50

export const attachFile = (
  ctx: Ctx,
  { entryId, fileName }: { entryId: string; fileName: string },
  bytes: unknown,
): Promise<void> => {
  if (!Buffer.isBuffer(bytes) || bytes.length === 0)
    throw new Fault('bad-request', 'The body is the file itself, as application/octet-stream.')
  return record(ctx, async (tx) => {
    operatorOf(ctx)
    const entry = await mustFind(tx, entryId)
    const known = await findAttachments(tx.db, entryId)
    if (known.length >= MOST_ATTACHMENTS)
      throw new Fault('invalid-input', `An entry has at most ${MOST_ATTACHMENTS} attachments.`)
    const id = tx.id()
    const keyId = tx.id()
    const name = `attachments/${entryId}/${id}`
    await newBlobKey(ctx.platform, tx.db, keyId, tx.now)
    await putBlob(ctx.platform, tx.db, { name, keyId, customerId: entry.customer_id, bytes, at: tx.now })
    const mediaType = mediaTypeOf(fileName)
    await addAttachment(tx.db, {
      id,
      log_entry_id: entryId,
      customer_id: entry.customer_id,
      blob_name: name,
      file_name: fileName,
      media_type: mediaType,
      size: bytes.length,
      attached_at: tx.now,
    })
    tx.append(logEntryAttached, {
      stream: entryId,
      customerId: entry.customer_id,
      environmentId: entry.environment_id,
      refs: [['log-entry', entryId]],
      body: { fileName, mediaType, size: bytes.length },
      blobs: [{ kind: 'attachment', h: Buffer.from(sha256(bytes)).toString('hex'), n: bytes.length }],
    })
  })
}

/** Released again, the newer words are shown; both stay in the log. */
export const releaseLogEntry = (
  ctx: Ctx,
  { entryId, summary }: { entryId: string; summary: string },
): Promise<void> =>
  record(ctx, async (tx) => {
    operatorOf(ctx)
    const entry = await mustFind(tx, entryId)
    await markReleased(tx.db, entryId, tx.now)
    tx.append(logEntryReleased, {
      stream: entryId,
      customerId: entry.customer_id,
      environmentId: entry.environment_id,
      refs: [['log-entry', entryId]],
      body: { releasedSummary: summary },
    })
  })
