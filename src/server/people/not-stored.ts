/** Replies that carry a secret or follow a password: never kept for idempotent repeats, which would store them in the clear. */
import { raw, type RawReply } from '../platform/http/raw-reply.ts'

export const notStored = (status: 200 | 201, answer: unknown): RawReply =>
  raw((reply) => reply.code(status).header('cache-control', 'no-store').send(answer))
