/** GET /api/live: server-sent events that carry {area, id, version}; the browser fetches what it shows. */
import type { FastifyInstance } from 'fastify'
import type { Actor } from '../context.ts'
import { Fault } from '../faults.ts'
import { isCursor, type Feed, type LiveEvent } from './feed.ts'

const KEEP_ALIVE_MS = 20_000
/** A client that does not read is cut off rather than buffered without end. */
const MOST_BUFFERED_BYTES = 1024 * 1024
/** What a customer contact is shown; everything else does not exist for them. */
const CONTACT_AREAS: readonly string[] = ['decisions', 'operator-log', 'environments']

const maySee = (actor: Actor, event: LiveEvent): boolean => {
  if (actor.kind === 'person') return true
  return (
    actor.kind === 'contact' && event.customerId === actor.customerId && CONTACT_AREAS.includes(event.area)
  )
}

const frame = ({ cursor, area, type, id, version, environmentId }: LiveEvent): string =>
  `id: ${cursor}\nevent: change\ndata: ${JSON.stringify({ area, type, id, version, environmentId })}\n\n`

export const bindLiveStream = (app: FastifyInstance, feed: Feed): void => {
  const open = new Set<() => void>()
  app.addHook('preClose', async () => {
    for (const end of open) end()
  })
  app.get('/api/live', async (request, reply) => {
    const { actor } = await request.ctx()
    if (actor.kind !== 'person' && actor.kind !== 'contact')
      throw new Fault('not-signed-in', 'Sign in to follow changes.')
    const asked = request.headers['last-event-id'] ?? (request.query as { since?: string }).since
    const from = typeof asked === 'string' && isCursor(asked) ? asked : undefined

    reply.hijack()
    const { raw } = reply
    raw.writeHead(200, {
      ...reply.getHeaders(),
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    } as never)
    const write = (text: string): void => {
      if (raw.writableLength > MOST_BUFFERED_BYTES) raw.destroy()
      else raw.write(text)
    }
    // Subscribe before reading what was missed: an event may then arrive twice, which a client that refetches does not mind.
    const leave = feed.subscribe((event) => {
      if (maySee(actor, event)) write(frame(event))
    })
    const beat = setInterval(() => write(': still here\n\n'), KEEP_ALIVE_MS)
    const end = (): void => {
      clearInterval(beat)
      leave()
      open.delete(end)
      raw.end()
    }
    open.add(end)
    raw.on('close', end)
    write(`retry: 1000\nid: ${from ?? feed.cursor()}\nevent: hello\ndata: {}\n\n`)
    if (from === undefined) return
    const missed = await feed.since(from).catch(() => undefined)
    if (missed === undefined) write(`id: ${feed.cursor()}\nevent: reset\ndata: {}\n\n`)
    else for (const event of missed) if (maySee(actor, event)) write(frame(event))
  })
}
