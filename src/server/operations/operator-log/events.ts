/** What happens to recorded sessions and log entries. Chunks are named by hash in the leaves of progress and close. */
import { z } from 'zod'
import { id, instant } from '../../../contract/shapes.ts'
import { recordedCommand, sessionKind } from '../../../contract/operations/operator-log.ts'
import { defineEvent } from '../../platform/events.ts'

const area = 'operator-log'
const authority = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('look') }),
  z.object({ kind: z.literal('decided'), decisionId: id }),
  z.object({ kind: z.literal('break-glass'), decisionId: id }),
])
const span = z.object({ fromMs: z.number(), toMs: z.number(), why: z.string() })

export const sessionOpened = defineEvent('session.opened', {
  area,
  body: z.object({
    operator: id,
    authority,
    host: z.string(),
    shell: z.string(),
    ruleset: z.string(),
    startedAt: instant,
    offline: z.boolean(),
    offlineReason: z.string().nullable(),
    /** Only for a broken glass: why the change could not wait. The Decision Log opens the decision with this id. */
    glassWhy: z.string().nullable(),
    environment: z.string(),
    incidentId: id.nullable(),
  }),
})
export const sessionDecisionAttached = defineEvent('session.decision-attached', {
  area,
  body: z.object({ authority, fromPrompt: z.number().int(), atMs: z.number() }),
})
export const sessionProgressed = defineEvent('session.progressed', {
  area,
  body: z.object({
    chunks: z.number().int(),
    head: z.string(),
    durationMs: z.number(),
    prompts: z.number().int(),
  }),
})
export const sessionClosed = defineEvent('session.closed', {
  area,
  body: z.object({
    chunks: z.number().int(),
    head: z.string(),
    durationMs: z.number(),
    exitCode: z.number().int().nullable(),
    ended: z.string(),
    commands: z.array(recordedCommand),
    redactions: z.record(z.string(), z.number()),
    lostTailMs: z.number(),
    forgedMarks: z.number().int(),
    shellMarks: z.boolean(),
    pauses: z.array(span),
    redactionRequests: z.array(span),
    changedWhileLooking: z.boolean(),
    declared: z.boolean(),
    summary: z.string(),
    /** Minutes between the last recorded event and its arrival, when the upload came late. */
    late: z.boolean(),
  }),
})
export const sessionAbandoned = defineEvent('session.abandoned', {
  area,
  body: z.object({ lastHeardAt: instant, chunks: z.number().int() }),
})
/** A span is to go from what is stored. It is shown no more from this instant on. */
export const sessionRedactionAsked = defineEvent('session.redaction-asked', {
  area,
  body: z.object({ by: id, fromMs: z.number(), toMs: z.number(), reason: z.string() }),
})
/** Chunks were replaced by ones without the span: `replaced` pairs the digest that the ledger names with the new one. */
export const sessionRedacted = defineEvent('session.redacted', {
  area,
  body: z.object({
    asked: z.array(
      z.object({ by: id, at: instant, fromMs: z.number(), toMs: z.number(), reason: z.string() }),
    ),
    lines: z.number().int(),
    replaced: z.array(z.tuple([z.string(), z.string()])),
  }),
})
export const sessionViewed = defineEvent('session.viewed', { area, body: z.object({ viewer: id }) })

export const logEntryRecorded = defineEvent('log-entry.recorded', {
  area,
  body: z.object({
    number: z.string(),
    category: z.string(),
    what: z.string(),
    summary: z.string(),
    tooling: z.string(),
    links: z.array(z.string()),
    author: id,
    kind: sessionKind.nullable(),
  }),
})
export const logEntryAttached = defineEvent('log-entry.attached', {
  area,
  body: z.object({ fileName: z.string(), mediaType: z.string(), size: z.number().int() }),
})
export const logEntryReleased = defineEvent('log-entry.released', {
  area,
  contactsHear: true,
  body: z.object({ releasedSummary: z.string() }),
})
export const attachmentRead = defineEvent('log-entry.attachment-read', {
  area,
  body: z.object({ reader: id, fileName: z.string() }),
})

/** A machine says that it changed something: a deployment, a switch. Nobody is paged and nothing is decided by it. */
export const changeAnnounced = defineEvent('change.announced', {
  area,
  body: z.object({
    what: z.string(),
    /** In the words of the sender. */
    source: z.string(),
    happenedAt: instant,
    links: z.array(z.string()),
    details: z.record(z.string(), z.string()),
  }),
})
