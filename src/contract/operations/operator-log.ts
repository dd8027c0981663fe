/** Recorded shells and the Operator Log: what the recorder sends, and what people read. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import {
  environmentRef,
  id,
  incidentName,
  instant,
  line,
  pageOf,
  paging,
  personRef,
  prose,
  slug,
} from '../shapes.ts'

export const sessionKind = z.enum(['look', 'decided', 'break-glass'])
export const sessionState = z.enum(['open', 'closed', 'abandoned'])
const hex64 = z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits')
/** Milliseconds; three years are more than any session lasts, and what is larger no column holds. */
const LONGEST_MS = 100_000_000_000
const milliseconds = z.number().min(0).max(LONGEST_MS)
const count = z.number().int().min(0).max(1_000_000_000)
const exitCode = z.number().int().min(-2_147_483_648).max(4_294_967_295).nullable()
const span = z.object({ fromMs: milliseconds, toMs: milliseconds, why: prose(500) })
const decisionName = z
  .string()
  .regex(/^[Dd]-\d{1,9}$/, 'a number such as D-12, or an id')
  .or(id)

export const recordedCommand = z.object({
  n: count,
  command: z.string().max(4_000),
  cwd: z.string().max(1_000).nullable(),
  context: z.string().max(300).nullable(),
  startedAt: instant,
  durationMs: z.number().min(-LONGEST_MS).max(LONGEST_MS).nullable(),
  exitCode,
})

export const openRecording = z.object({
  localId: id,
  kind: sessionKind,
  environment: slug,
  decision: decisionName.optional(),
  alertId: id.optional(),
  incidentId: incidentName.optional(),
  why: prose(2_000).optional(),
  host: line(200),
  shell: line(40),
  ruleset: line(100),
  startedAt: instant,
  cols: z.number().int().min(1).max(2_000),
  rows: z.number().int().min(1).max(2_000),
  offline: z.object({ requestedKind: sessionKind, reason: prose(500) }).optional(),
})

/** Rules of redaction that fired, by name. */
const MOST_RULES = 1_000

export const closeRecording = z.object({
  chunks: z.number().int().min(0).max(1_000_000),
  head: hex64,
  durationMs: milliseconds,
  exitCode,
  ended: z.enum(['exit', 'signal', 'recorder-lost']),
  commands: z.array(recordedCommand).max(5_000),
  redactions: z
    .record(z.string().max(100), count)
    .refine((counts) => Object.keys(counts).length <= MOST_RULES, `at most ${MOST_RULES} rules`),
  lostTailMs: milliseconds,
  forgedMarks: count,
  shellMarks: z.boolean(),
  pauses: z.array(span).max(1_000),
  redactionRequests: z.array(span).max(1_000),
  changedSomething: z.boolean().optional(),
  summary: prose(10_000).optional(),
})

export const recordingRow = z.object({
  id,
  environment: environmentRef,
  kind: sessionKind,
  state: sessionState,
  operator: personRef,
  decision: z.object({ id, number: z.string() }).nullable(),
  host: z.string(),
  shell: z.string(),
  startedAt: instant,
  openedAt: instant,
  openedOffline: z.boolean(),
  closedAt: instant.nullable(),
  durationMs: z.number(),
  commandCount: z.number().int(),
  changedWithoutDecision: z.boolean(),
  entry: z.object({ id, number: z.string() }).nullable(),
})

export const recordingDetail = recordingRow.extend({
  /** For the recorder: which chunk is wanted next, and the running head reached. */
  next: z.number().int(),
  head: hex64,
  cols: z.number().int(),
  rows: z.number().int(),
  alertId: id.nullable(),
  incidentId: id.nullable(),
  summary: z.string().nullable(),
  commands: z.array(recordedCommand),
  redactions: z.record(z.string(), z.number()),
  pauses: z.array(span),
  /** Spans that were cut out of what is stored; `done` is false while chunks are still being replaced. Shown is none of it. */
  cuts: z.array(span.extend({ by: personRef, at: instant, done: z.boolean() })),
  lostTailMs: z.number(),
  forgedMarks: z.number().int(),
  shellMarks: z.boolean(),
  /** By what right which command was typed; `fromCommand` counts from 1. */
  authorities: z.array(
    z.object({ kind: sessionKind, decisionId: id.nullable(), fromCommand: z.number().int(), at: instant }),
  ),
  castUrl: z.string(),
  can: z.object({ play: z.boolean() }),
})

export const logCategory = z.enum(['change', 'incident', 'maintenance', 'look'])
export const logEntryRow = z.object({
  id,
  number: z.string(),
  environment: environmentRef,
  category: logCategory,
  what: z.string(),
  author: personRef,
  at: instant,
  recording: z
    .object({
      id,
      kind: sessionKind,
      durationMs: z.number(),
      commandCount: z.number().int(),
      changedWithoutDecision: z.boolean(),
    })
    .nullable(),
  decision: z.object({ id, number: z.string() }).nullable(),
  released: z.boolean(),
})
export const logEntryDetail = logEntryRow.extend({
  summary: z.string(),
  tooling: z.string(),
  links: z.array(z.string()),
  incidentId: id.nullable(),
  releasedSummary: z.string().nullable(),
  attachments: z.array(
    z.object({ id, fileName: z.string(), mediaType: z.string(), size: z.number(), at: instant }),
  ),
  can: z.object({ attach: z.boolean(), release: z.boolean() }),
})

const byId = z.object({ recordingId: id })
const byEntry = z.object({ entryId: id })
const link = z
  .string()
  .max(2_000)
  .regex(/^(https?:\/\/\S+|[A-Za-z]\w*[-#/]\S+)$/, 'a link, or a key such as OPS-12')
const answers = ['not-found', 'conflict'] as const

export const operatorLogRoutes = defineRoutes({
  openRecording: {
    method: 'POST',
    path: '/api/recordings',
    summary: 'Opens a recorded shell session; a change needs a decision that covers it now.',
    permission: 'recordings.record',
    body: openRecording,
    reply: z.object({ sessionId: id, url: z.string() }),
    status: 201,
    errors: [...answers],
  },
  attachDecision: {
    method: 'POST',
    path: '/api/recordings/:recordingId/decision',
    summary: 'From this command on the session is a change under this decision.',
    permission: 'recordings.record',
    params: byId,
    body: z.object({
      decision: decisionName,
      atCommand: z.number().int().min(1).max(1_000_000),
      atMs: milliseconds,
    }),
    reply: z.object({ done: z.literal(true) }),
    errors: [...answers],
  },
  putChunk: {
    method: 'PUT',
    path: '/api/recordings/:recordingId/chunks/:n',
    summary: 'One chunk of a recording (gzip), in order, with its hash and the running head.',
    permission: 'recordings.record',
    params: byId.extend({ n: z.coerce.number().int().min(0).max(1_000_000) }),
    reply: z.unknown(),
    errors: ['not-found', 'chunk-out-of-order', 'chunk-differs', 'chunk-hash-mismatch', 'too-large'],
    bodyLimit: 2 * 1024 * 1024,
  },
  reportProgress: {
    method: 'POST',
    path: '/api/recordings/:recordingId/progress',
    summary: 'A sign of life each minute; bounds what can be cut off the end unnoticed.',
    permission: 'recordings.record',
    params: byId,
    body: z.object({
      chunks: count,
      head: hex64,
      durationMs: milliseconds,
      commands: count,
    }),
    reply: z.unknown(),
    errors: [...answers],
  },
  redactRecording: {
    method: 'POST',
    path: '/api/recordings/:recordingId/redactions',
    summary:
      'Cuts a span out of what is stored of a recording, declared in the ledger: by its operator while it runs, later by whoever may erase.',
    permission: 'recordings.record',
    params: byId,
    body: span,
    reply: z.object({
      done: z.literal(false),
      /** Command lines of the span in the closing's list: that field can only be erased as a whole. */
      commandsListed: z.number().int(),
    }),
    status: 202,
    errors: [...answers, 'not-allowed'],
  },
  closeRecording: {
    method: 'POST',
    path: '/api/recordings/:recordingId/close',
    summary: 'Ends the session; an Operator Log entry is made of it.',
    permission: 'recordings.record',
    params: byId,
    body: closeRecording,
    reply: z.object({ entry: z.string(), url: z.string() }),
    errors: [...answers, 'chunks-missing', 'already-closed'],
    bodyLimit: 8 * 1024 * 1024,
  },
  getRecording: {
    method: 'GET',
    path: '/api/recordings/:recordingId',
    summary:
      'One session: commands, gaps, redactions, by what right; for the recorder also what is wanted next.',
    permission: 'recordings.read',
    params: byId,
    reply: recordingDetail,
    errors: ['not-found'],
  },
  listRecordings: {
    method: 'GET',
    path: '/api/recordings',
    summary: 'Recorded sessions, newest first.',
    permission: 'recordings.read',
    query: paging.extend({
      environment: slug.optional(),
      kind: sessionKind.optional(),
      withoutDecision: z.enum(['true']).optional(),
    }),
    reply: pageOf(recordingRow).extend({
      shares: z.object({
        total: z.number(),
        look: z.number(),
        decided: z.number(),
        breakGlass: z.number(),
        changesWithoutDecision: z.number(),
        undeclared: z.number(),
      }),
    }),
  },
  playRecording: {
    method: 'GET',
    path: '/api/recordings/:recordingId/cast',
    summary: 'The recording as asciicast v3. Each viewing is recorded.',
    permission: 'recordings.read',
    params: byId,
    reply: z.unknown(),
    errors: ['not-found'],
  },
  listLogEntries: {
    method: 'GET',
    path: '/api/operator-log',
    summary: 'The Operator Log, newest first; a contact sees what was released to them.',
    permission: 'operator-log.read',
    query: paging.extend({
      environment: slug.optional(),
      category: logCategory.optional(),
      search: z.string().max(200).optional(),
    }),
    reply: pageOf(logEntryRow),
  },
  getLogEntry: {
    method: 'GET',
    path: '/api/operator-log/:entryId',
    summary: 'One entry.',
    permission: 'operator-log.read',
    params: byEntry,
    reply: logEntryDetail,
    errors: ['not-found'],
  },
  writeLogEntry: {
    method: 'POST',
    path: '/api/operator-log',
    summary: 'Writes an entry by hand, for work that was not recorded here.',
    permission: 'operator-log.change',
    body: z.object({
      environment: slug,
      category: logCategory,
      what: line(300),
      summary: prose(20_000),
      tooling: prose(1_000).optional(),
      links: z.array(link).max(20).optional(),
      decisionId: id.optional(),
      incidentId: id.optional(),
    }),
    reply: logEntryDetail,
    status: 201,
    errors: [...answers],
  },
  attachFile: {
    method: 'POST',
    path: '/api/operator-log/:entryId/attachments',
    summary: 'Attaches a file or a plain-text shell dump: the body is the file, its name is in the query.',
    permission: 'operator-log.change',
    params: byEntry,
    query: z.object({ fileName: line(200) }),
    reply: logEntryDetail,
    status: 201,
    errors: ['not-found', 'too-large'],
    bodyLimit: 16 * 1024 * 1024,
  },
  readAttachment: {
    method: 'GET',
    path: '/api/operator-log/:entryId/attachments/:attachmentId',
    summary: 'The bytes of an attachment, always as a download.',
    permission: 'recordings.read',
    params: byEntry.extend({ attachmentId: id }),
    reply: z.unknown(),
    errors: ['not-found'],
  },
  releaseLogEntry: {
    method: 'POST',
    path: '/api/operator-log/:entryId/release',
    summary: 'Releases a summary of the entry to the customer.',
    permission: 'operator-log.change',
    params: byEntry,
    body: z.object({ summary: prose(10_000).refine((text) => text.trim() !== '', 'must not be empty') }),
    reply: logEntryDetail,
    errors: [...answers],
  },
})
