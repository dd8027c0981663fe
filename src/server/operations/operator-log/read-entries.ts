/** The Operator Log as lists and details. A contact reads the summaries that were released to them, and nothing else. */
import type { operatorLogRoutes } from '../../../contract/operations/operator-log.ts'
import type { InputOf, ReplyOf } from '../../../contract/route.ts'
import { may } from '../../../domain/people/permissions.ts'
import { getBlob } from '../../platform/blobs.ts'
import type { Ctx } from '../../platform/context.ts'
import { actorId } from '../../platform/actor.ts'
import { bodyOf } from '../../platform/event-body.ts'
import { notFound } from '../../platform/faults.ts'
import { cutPage, DEFAULT_LIMIT, readKeyset } from '../../platform/keyset.ts'
import { read, record } from '../../platform/record.ts'
import { attachmentRead } from './events.ts'
import { findAttachments, findLogEntries, findLogEntry, type LogEntryListRow } from './entry-store.ts'

type RowReply = ReplyOf<typeof operatorLogRoutes.listLogEntries>['rows'][number]
type Detail = ReplyOf<typeof operatorLogRoutes.getLogEntry>
const ERASED = '(erased)'

type Words = { what?: string; summary?: string; tooling?: string; links?: string[] }
const LONGEST_LINE = 300
const isContact = (ctx: Ctx): boolean => ctx.actor.kind === 'contact'

const releasedSummaryOf = (row: LogEntryListRow): string | null => {
  const { releasedSummary } = bodyOf(row.released_disclosures ?? [])
  return typeof releasedSummary === 'string' ? releasedSummary : null
}

/** The entry's own title may be the first line of words that were not released. */
const titleFor = (row: LogEntryListRow, contact: boolean): string => {
  if (!contact) return (bodyOf(row.disclosures ?? []) as Words).what ?? ERASED
  const line = releasedSummaryOf(row)
    ?.split('\n')
    .find((text) => text.trim() !== '')
  return line?.trim().slice(0, LONGEST_LINE) ?? ERASED
}

const presentRow = (row: LogEntryListRow, contact: boolean): RowReply => {
  // A proposal, or a broken glass that was not written up yet, does not exist for a contact.
  const decision = contact && row.decision_decided_at === null ? null : row.decision_id
  return {
    id: row.id,
    number: `L-${row.number}`,
    environment: { id: row.environment_id, slug: row.environment_slug, name: row.environment_name },
    category: row.category,
    what: titleFor(row, contact),
    author: { id: row.author_id, name: row.author_name },
    at: row.at,
    recording:
      row.recording_id && !contact
        ? {
            id: row.recording_id,
            kind: row.recording_kind ?? 'look',
            durationMs: row.duration_ms ?? 0,
            commandCount: row.commands ?? 0,
            changedWithoutDecision: row.changed_without_decision ?? false,
          }
        : null,
    decision: decision ? { id: decision, number: `D-${row.decision_number ?? '?'}` } : null,
    released: row.released_at !== null,
  }
}

export const listLogEntries = (
  ctx: Ctx,
  input: InputOf<typeof operatorLogRoutes.listLogEntries>,
): Promise<ReplyOf<typeof operatorLogRoutes.listLogEntries>> => {
  const limit = input.limit ?? DEFAULT_LIMIT
  return read(ctx, async (db) => {
    const rows = await findLogEntries(db, {
      limit: limit + 1,
      releasedOnly: isContact(ctx),
      ...(input.environment ? { environment: input.environment } : {}),
      ...(input.category ? { category: input.category } : {}),
      ...(input.search ? { search: input.search } : {}),
      ...readKeyset(input.after),
    })
    const { shown, next } = cutPage(rows, limit, (row) => [row.at, row.id])
    return {
      rows: shown.map((row) => presentRow(row, isContact(ctx))),
      next,
    }
  })
}

export const getLogEntry = (ctx: Ctx, { entryId }: { entryId: string }): Promise<Detail> =>
  read(ctx, async (db) => {
    const row = await findLogEntry(db, entryId)
    const contact = isContact(ctx)
    if (!row || (contact && row.released_at === null)) throw notFound('This entry')
    const words = bodyOf(row.disclosures ?? []) as Words
    const releasedSummary = releasedSummaryOf(row)
    const attachments = contact ? [] : await findAttachments(db, entryId)
    return {
      ...presentRow(row, contact),
      summary: contact ? (releasedSummary ?? ERASED) : (words.summary ?? ERASED),
      tooling: contact ? '' : (words.tooling ?? ERASED),
      links: contact ? [] : (words.links ?? []),
      incidentId: contact ? null : row.incident_id,
      releasedSummary,
      attachments: attachments.map((file) => ({
        id: file.id,
        fileName: file.file_name,
        mediaType: file.media_type,
        size: file.size,
        at: file.attached_at,
      })),
      can: { attach: may(ctx.actor, 'operator-log.change'), release: may(ctx.actor, 'operator-log.change') },
    }
  })

export const readAttachment = async (
  ctx: Ctx,
  { entryId, attachmentId }: { entryId: string; attachmentId: string },
): Promise<{ bytes: Buffer; fileName: string; mediaType: string }> => {
  const found = await read(ctx, async (db) => ({
    entry: await findLogEntry(db, entryId),
    file: (await findAttachments(db, entryId)).find((each) => each.id === attachmentId),
  }))
  const { entry, file } = found
  if (!entry || !file) throw notFound('This attachment')
  await record(ctx, async (tx) => {
    tx.append(attachmentRead, {
      stream: entryId,
      customerId: entry.customer_id,
      environmentId: entry.environment_id,
      refs: [['log-entry', entryId]],
      body: { reader: actorId(ctx.actor) ?? '', fileName: file.file_name },
    })
  })
  return {
    bytes: await getBlob(ctx.platform, ctx.platform.database.db, file.blob_name),
    fileName: file.file_name,
    mediaType: file.media_type,
  }
}
