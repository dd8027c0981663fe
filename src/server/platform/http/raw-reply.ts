/** A reply that a handler writes itself: files, plain HTML, redirections, streams. */
import type { FastifyReply, FastifyRequest } from 'fastify'

/** What a handler may answer instead of a plain reply. */
export type RawReply = { readonly raw: (reply: FastifyReply, request: FastifyRequest) => unknown }
export const raw = (write: RawReply['raw']): RawReply => ({ raw: write })
export const isRaw = (answer: unknown): answer is RawReply =>
  typeof answer === 'object' && answer !== null && 'raw' in answer
