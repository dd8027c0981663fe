/** Recordings as lists, details and casts. */
import { Readable } from 'node:stream'
import type { operatorLogRoutes } from '../../../contract/operations/operator-log.ts'
import type { InputOf, ReplyOf } from '../../../contract/route.ts'
import { cutCast } from '../../../domain/operations/operator-log/recording/cut-cast.ts'
import { may } from '../../../domain/people/permissions.ts'
import { getBlob } from '../../platform/blobs.ts'
import type { Ctx } from '../../platform/context.ts'
import { actorId } from '../../platform/actor.ts'
import { bodyOf } from '../../platform/event-body.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { cutPage, DEFAULT_LIMIT, readKeyset } from '../../platform/keyset.ts'
import { NOTHING_CHANGED, read, record } from '../../platform/record.ts'
import { loadStream, type StreamEvent } from '../../platform/stream.ts'
import { spansOf, storedName } from './cut-recording.ts'
import { findCuts, findCutWork, findStoredChunks, type CutView } from './cut-store.ts'
import { sessionViewed } from './events.ts'
import { sessionFrom } from './state.ts'
import { unpackChunk } from './unpack-chunk.ts'
import {
  countShares,
  findChunks,
  findProgress,
  findRecording,
  findRecordings,
  wasViewedSince,
  type RecordingListRow,
} from './store.ts'

type RowReply = ReplyOf<typeof operatorLogRoutes.listRecordings>['rows'][number]
type Detail = ReplyOf<typeof operatorLogRoutes.getRecording>

const presentRow = (row: RecordingListRow): RowReply => ({
  id: row.id,
  environment: { id: row.environment_id, slug: row.environment_slug, name: row.environment_name },
  kind: row.kind,
  state: row.status,
  operator: { id: row.operator_id, name: row.operator_name },
  decision: row.decision_id ? { id: row.decision_id, number: `D-${row.decision_number ?? '?'}` } : null,
  host: row.host,
  shell: row.shell,
  startedAt: row.started_at,
  openedAt: row.opened_at,
  openedOffline: row.opened_offline,
  closedAt: row.closed_at,
  durationMs: row.duration_ms,
  commandCount: row.commands,
  changedWithoutDecision: row.changed_without_decision,
  entry: row.log_entry_id ? { id: row.log_entry_id, number: `L-${row.entry_number ?? '?'}` } : null,
})

export const listRecordings = (
  ctx: Ctx,
  input: InputOf<typeof operatorLogRoutes.listRecordings>,
): Promise<ReplyOf<typeof operatorLogRoutes.listRecordings>> => {
  const limit = input.limit ?? DEFAULT_LIMIT
  return read(ctx, async (db) => {
    const rows = await findRecordings(db, {
      limit: limit + 1,
      ...(input.environment ? { environment: input.environment } : {}),
      ...(input.kind ? { kind: input.kind } : {}),
      ...(input.withoutDecision ? { withoutDecision: true } : {}),
      ...readKeyset(input.after),
    })
    const { shown, next } = cutPage(rows, limit, (row) => [row.opened_at, row.id])
    return {
      rows: shown.map(presentRow),
      next,
      shares: await countShares(db, input.environment),
    }
  })
}

/** What the closing said; before it, or where words were erased, nothing. */
const closingOf = (history: readonly StreamEvent[]) => {
  const body = history.findLast((event) => event.type === 'session.closed')?.body ?? {}
  return {
    summary: typeof body['summary'] === 'string' ? body['summary'] : null,
    commands: (body['commands'] as Detail['commands'] | undefined) ?? [],
    redactions: (body['redactions'] as Detail['redactions'] | undefined) ?? {},
    pauses: (body['pauses'] as Detail['pauses'] | undefined) ?? [],
    lostTailMs: Number(body['lostTailMs'] ?? 0),
    forgedMarks: Number(body['forgedMarks'] ?? 0),
    shellMarks: body['shellMarks'] !== false,
  }
}

const presentCut = (cut: CutView, done: boolean): Detail['cuts'][number] => ({
  fromMs: cut.from_ms,
  toMs: cut.to_ms,
  why: String(bodyOf(cut.disclosures)['reason'] ?? ''),
  by: { id: cut.asked_by, name: cut.asked_by_name },
  at: cut.asked_at,
  done,
})

export const getRecording = (ctx: Ctx, { recordingId }: { recordingId: string }): Promise<Detail> =>
  read(ctx, async (db) => {
    const row = await findRecording(db, recordingId)
    if (!row) throw notFound('This recording')
    const progress = await findProgress(db, recordingId)
    const history = await loadStream(db, recordingId)
    const state = sessionFrom(row, progress, history)
    const done = (await findCutWork(db, recordingId)) === undefined
    return {
      ...presentRow(row),
      ...closingOf(history),
      cuts: (await findCuts(db, recordingId)).map((cut) => presentCut(cut, done)),
      next: progress.next_chunk,
      head: progress.head.toString('hex'),
      cols: row.cols,
      rows: row.rows,
      alertId: row.alert_id,
      incidentId: row.incident_id,
      authorities: (state?.spans ?? []).map((span) => ({
        kind: span.authority.kind,
        decisionId: span.authority.kind === 'look' ? null : span.authority.decisionId,
        fromCommand: span.fromPrompt + 1,
        at: span.at,
      })),
      castUrl: `/api/recordings/${recordingId}/cast`,
      can: { play: may(ctx.actor, 'recordings.read') },
    }
  })

/** Watching the same recording again within this time is one viewing. */
const ONE_VIEWING_MS = 10 * 60_000
const MOST_CHUNKS = 1_000_000

const noteViewing = (ctx: Ctx, row: RecordingListRow): Promise<unknown> => {
  const viewer = actorId(ctx.actor)
  return record<unknown>(ctx, async (tx) => {
    if (!viewer || (await wasViewedSince(tx.db, row.id, viewer, tx.now - ONE_VIEWING_MS)))
      return NOTHING_CHANGED
    tx.append(sessionViewed, {
      stream: row.id,
      customerId: row.customer_id,
      environmentId: row.environment_id,
      refs: [['session', row.id]],
      body: { viewer },
    })
    return true
  })
}

/** A span that is asked to go is shown no more, also while the chunks that hold it are still being replaced. */
const shownOf = (cuts: readonly CutView[]): ((bytes: Buffer) => Buffer) => {
  if (cuts.length === 0) return (bytes) => bytes
  const spans = spansOf(cuts)
  let atMs = 0
  return (bytes) => {
    const { text, endMs } = cutCast(bytes.toString(), atMs, spans)
    atMs = endMs
    return Buffer.from(text)
  }
}

/** Stands where bytes were changed, destroyed, or cannot be unpacked: one bad chunk must not hide the others. */
const gapLine = (row: RecordingListRow, n: number): Buffer => {
  const header = JSON.stringify({ version: 3, term: { cols: row.cols, rows: row.rows } })
  const gap = JSON.stringify([0, 'm', `Part ${n + 1} of this recording cannot be read.`])
  return Buffer.from(n === 0 ? `${header}\n${gap}\n` : `${gap}\n`)
}

/** Looked up as it is read: a chunk may be replaced while somebody watches. */
const storedBytes = async (ctx: Ctx, recordingId: string, n: number): Promise<Buffer> => {
  const { db } = ctx.platform.database
  for (let tries = 0; ; tries++) {
    const [chunk] = await findStoredChunks(db, recordingId, n, 1)
    try {
      return await getBlob(ctx.platform, db, storedName(recordingId, chunk ?? { n, version: 0 }))
    } catch (error) {
      if (tries > 0) throw error
    }
  }
}

async function* unpackedParts(ctx: Ctx, row: RecordingListRow): AsyncGenerator<Buffer> {
  const { db } = ctx.platform.database
  const shown = shownOf(await findCuts(db, row.id))
  for (const { n } of await findChunks(db, row.id, 0, MOST_CHUNKS)) {
    try {
      yield shown(await unpackChunk(await storedBytes(ctx, row.id, n)))
    } catch (error) {
      if (!(error instanceof Fault) || error.code === 'unavailable') throw error
      ctx.log.warn(
        { recording: row.id, chunk: n, err: error.message },
        'a chunk of a recording cannot be read',
      )
      yield gapLine(row, n)
    }
  }
}

async function* startingWith<T>(
  first: IteratorResult<T, unknown>,
  rest: AsyncGenerator<T>,
): AsyncGenerator<T> {
  if (first.done) return
  yield first.value
  yield* rest
}

/** The cast so far, unpacked part by part as it is read; the viewing is recorded before a byte is shown. */
export const readCast = async (ctx: Ctx, { recordingId }: { recordingId: string }): Promise<Readable> => {
  const row = await read(ctx, (db) => findRecording(db, recordingId))
  if (!row) throw notFound('This recording')
  await noteViewing(ctx, row)
  const parts = unpackedParts(ctx, row)
  // The first part is fetched before we answer: a blob store that is away is then said as such.
  return Readable.from(startingWith(await parts.next(), parts))
}
