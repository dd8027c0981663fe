/** A reply that a handler writes itself: files, plain HTML, redirections, streams. */
import type { FastifyReply, FastifyRequest } from 'fastify'

/** What a handler may answer instead of a plain reply. */
export type RawReply = { readonly raw: (reply: FastifyReply, request: FastifyRequest) => unknown }
export const raw = (write: RawReply['raw']): RawReply => ({ raw: write })
export const isRaw = (answer: unknown): answer is RawReply =>
  typeof answer === 'object' && answer !== null && 'raw' in answer

/** Always a download with a plain name: what somebody attached must never run in our origin. */
export const downloadReply = (fileName: string, mediaType: string, bytes: Buffer): RawReply =>
  raw((reply) =>
    reply
      .type(mediaType)
      .header('cache-control', 'private, no-store')
      .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`)
      .header('content-security-policy', 'sandbox')
      .send(bytes),
  )
