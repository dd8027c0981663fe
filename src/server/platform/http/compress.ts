/** Replies are compressed where somebody reads them: at 03:00 on a phone, a list of alerts weighs a tenth. */
import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import type { FastifyInstance, FastifyRequest } from 'fastify'

const packed = promisify(gzip)
/** A smaller reply fits into one packet as it is. */
const FROM_BYTES = 1_024
/** Text only; packs and recordings are compressed already, and the live stream is a stream. */
const TEXTS =
  /^(application\/([\w.-]+\+)?json|application\/x-asciicast|image\/svg\+xml|text\/(html|css|csv|plain|markdown|javascript))\b/

/** RFC 9110, 12.5.3: named, and not with a weight of nothing. */
export const takesGzip = ({ headers }: FastifyRequest): boolean =>
  String(headers['accept-encoding'] ?? '')
    .split(',')
    .some((each) => /^\s*gzip\s*(;\s*q=(1|0?\.0*[1-9]|1\.0*).*)?$/i.test(each))

/**
 * Only what is read: replies to writes may hold a secret that is shown once beside words of the request, and whoever could
 * choose those words and see the length of the reply would learn the secret (BREACH). Streams pass as they are; the files
 * of the application were compressed when they were built.
 *
 * By hand: @fastify/compress brings seven packages and 3 MB of resident memory for what zlib does in three lines, and
 * compresses streams, which we never want.
 * A list of 50 alerts, 22 kB: level 1 leaves 1,826 bytes, level 6 1,752.
 */
export const compressReplies = (app: FastifyInstance): void => {
  app.addHook('onSend', async (request, reply, payload: unknown) => {
    if (request.method !== 'GET' || (typeof payload !== 'string' && !Buffer.isBuffer(payload))) return payload
    if (!TEXTS.test(String(reply.getHeader('content-type') ?? ''))) return payload
    if (reply.hasHeader('content-encoding') || Buffer.byteLength(payload) < FROM_BYTES) return payload
    void reply.header('vary', [reply.getHeader('vary'), 'accept-encoding'].filter(Boolean).join(', '))
    if (!takesGzip(request)) return payload
    void reply.header('content-encoding', 'gzip').removeHeader('content-length')
    return packed(payload, { level: constants.Z_BEST_SPEED })
  })
}
