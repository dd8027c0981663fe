/** The Operator Log as other areas see it. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { operatorLogRoutes } from '../../../contract/operations/operator-log.ts'
import { bind } from '../../platform/http/bind.ts'
import { downloadReply, raw } from '../../platform/http/raw-reply.ts'
import { attachDecision } from './attach-decision.ts'
import { closeSession } from './close-session.ts'
import { attachFile, releaseLogEntry, writeLogEntry } from './log-entry.ts'
import { openSession } from './open-session.ts'
import { putChunk } from './put-chunk.ts'
import { getLogEntry, listLogEntries, readAttachment } from './read-entries.ts'
import { getRecording, listRecordings, readCast } from './read-recordings.ts'
import { redactRecording } from './redact-recording.ts'
import { reportProgress } from './report-progress.ts'

export { announceChange, type AnnouncedChange } from './announce-change.ts'
export { sessionDecisionAttached, sessionOpened, sessionRedacted } from './events.ts'
export { findLastChangesOf } from './last-changes.ts'

const nothing = raw((reply: FastifyReply) => reply.code(204).send())

export const bindOperatorLog = (http: FastifyInstance): void => {
  bind(http, operatorLogRoutes, {
    openRecording: openSession,
    attachDecision,
    putChunk: async (ctx, input, request) => {
      await putChunk(ctx, input, request)
      return nothing
    },
    reportProgress: async (ctx, input) => {
      await reportProgress(ctx, input)
      return nothing
    },
    redactRecording,
    closeRecording: closeSession,
    getRecording,
    listRecordings,
    playRecording: async (ctx, input) => {
      const cast = await readCast(ctx, input)
      return raw((reply) =>
        reply.type('application/x-asciicast').header('cache-control', 'private, no-store').send(cast),
      )
    },
    listLogEntries,
    getLogEntry,
    writeLogEntry: async (ctx, input) => getLogEntry(ctx, { entryId: await writeLogEntry(ctx, input) }),
    attachFile: async (ctx, input, request) => {
      await attachFile(ctx, input, request.body)
      return getLogEntry(ctx, input)
    },
    readAttachment: async (ctx, input) => {
      const { bytes, fileName, mediaType } = await readAttachment(ctx, input)
      return downloadReply(fileName, mediaType, bytes)
    },
    releaseLogEntry: async (ctx, input) => {
      await releaseLogEntry(ctx, input)
      return getLogEntry(ctx, input)
    },
  })
}
