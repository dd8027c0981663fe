/** Whoever is turned away for a while is told for how long: every 429 and 503 carries Retry-After (RFC 9110 section 10.2.3). */
import type { FastifyInstance } from 'fastify'

/** Where nobody knows better: a database or a process is usually back within seconds, a limit within a minute. */
const USUAL_SECONDS: Readonly<Record<number, number>> = { 429: 60, 503: 2 }

/** Last of all, so that no reply gets away, whoever wrote it. */
export const tellWhenToReturn = (app: FastifyInstance): void => {
  app.addHook('onSend', async (_request, reply, payload) => {
    const seconds = USUAL_SECONDS[reply.statusCode]
    if (seconds !== undefined && !reply.hasHeader('retry-after')) void reply.header('retry-after', seconds)
    return payload
  })
}
