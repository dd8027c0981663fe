/** GET /api/live: server-sent events that carry {area, id, version}; the browser fetches what it shows. */
import type { ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import type { Actor, Ctx, Platform } from '../context.ts'
import { Fault } from '../faults.ts'
import { compareCursors, isCursor, type Feed, type LiveEvent } from './feed.ts'

const KEEP_ALIVE_MS = 20_000
/** A client that does not read is cut off rather than buffered without end. */
const MOST_BUFFERED_BYTES = 1024 * 1024
const MOST_HELD_BACK = 2_000
/** What a customer contact is shown; everything else does not exist for them. */
const CONTACT_AREAS: readonly string[] = ['decisions', 'operator-log', 'environments']

const maySee = (actor: Actor, event: LiveEvent): boolean => {
  if (actor.kind === 'person') return true
  return (
    actor.kind === 'contact' && event.customerId === actor.customerId && CONTACT_AREAS.includes(event.area)
  )
}

/** A place with the lineage it is a place of; '' for one of another lineage. */
const placesOf = (lineage: string) => ({
  show: (cursor: string): string => (lineage === '' ? cursor : `${lineage}/${cursor}`),
  read: (text: string): string => {
    const [cursor = '', of = ''] = text.split('/').reverse()
    return of === lineage ? cursor : ''
  },
})

/** Cursors count everybody's events, so a contact is given them sealed. */
const cursorsFor = (actor: Actor, { secrets }: Platform, lineage: string) => {
  const places = placesOf(lineage)
  if (actor.kind !== 'contact') return places
  return {
    show: (cursor: string) =>
      secrets.seal('live-cursor', Buffer.from(places.show(cursor))).toString('base64url'),
    read: (text: string): string => {
      try {
        return places.read(secrets.open('live-cursor', Buffer.from(text, 'base64url')).toString())
      } catch {
        return ''
      }
    },
  }
}

type Client = {
  /** Where the client says it stopped; undefined for a first visit, '' for a place we cannot find. */
  readonly from: string | undefined
  readonly actor: Actor
  readonly raw: ServerResponse
  readonly show: (cursor: string) => string
}

/** Writes to one client in the order of the feed, each event once, without a gap or with a `reset`. Returns the unsubscriber. */
const follow = (feed: Feed, { from, actor, raw, show }: Client): (() => void) => {
  let last = from === undefined || from === '' ? feed.cursor() : from
  // While what was missed is read, what happens meanwhile waits: were it sent first, a client that is cut off then would
  // resume behind it and never learn what came before.
  let heldBack: LiveEvent[] | undefined = from === undefined ? undefined : []
  const write = (text: string): void => {
    if (raw.writableLength > MOST_BUFFERED_BYTES) raw.destroy()
    else raw.write(text)
  }
  const tell = (event: LiveEvent): void => {
    if (compareCursors(event.cursor, last) <= 0) return
    last = event.cursor
    if (!maySee(actor, event)) return
    const { area, type, id, version, environmentId } = event
    write(
      `id: ${show(event.cursor)}\nevent: change\ndata: ${JSON.stringify({ area, type, id, version, environmentId })}\n\n`,
    )
  }
  const leave = feed.subscribe((event) => {
    if (!heldBack) tell(event)
    else if (heldBack.length < MOST_HELD_BACK) heldBack.push(event)
    else raw.destroy()
  })
  write(`retry: 1000\nid: ${show(last)}\nevent: hello\ndata: {}\n\n`)
  const catchUp = async (): Promise<void> => {
    const missed = isCursor(from ?? '') ? await feed.since(last).catch(() => undefined) : undefined
    const newest = missed === undefined ? await feed.newest() : last
    const waited = heldBack ?? []
    heldBack = undefined
    if (missed === undefined) {
      last = newest
      write(`id: ${show(last)}\nevent: reset\ndata: {}\n\n`)
    }
    for (const event of [...(missed ?? []), ...waited]) tell(event)
  }
  if (from !== undefined) void catchUp()
  return leave
}

const sameActor = (a: Actor, b: Actor): boolean => JSON.stringify(a) === JSON.stringify(b)

export const bindLiveStream = (
  app: FastifyInstance,
  feed: Feed,
  { keepAliveMs = KEEP_ALIVE_MS } = {},
): void => {
  const open = new Set<() => void>()
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
    for (const end of open) end()
  })
  app.get('/api/live', { exposeHeadRoute: false }, async (request, reply) => {
    const ctx = await request.ctx()
    const { actor } = ctx
    if (actor.kind !== 'person' && actor.kind !== 'contact')
      throw new Fault('not-signed-in', 'Sign in to follow changes.')
    if (closing) throw new Fault('unavailable', 'This process is stopping. Ask again in a moment.')
    const asked = request.headers['last-event-id'] ?? (request.query as { since?: string }).since
    const { show, read } = cursorsFor(actor, ctx.platform, feed.lineage())
    const place = typeof asked === 'string' && asked !== '' ? read(asked) : undefined

    reply.hijack()
    const { raw } = reply
    raw.writeHead(200, {
      ...reply.getHeaders(),
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    } as never)
    const from = place === undefined || isCursor(place) ? place : ''
    const leave = follow(feed, { from, actor, raw, show })
    const beat = setInterval(() => {
      if (raw.writableLength > MOST_BUFFERED_BYTES) raw.destroy()
      else raw.write(': still here\n\n')
      // A session that was ended, or an account whose roles changed, follows no further.
      void request
        .ctxAnew()
        .then((now: Ctx) => sameActor(now.actor, actor))
        .catch((error: unknown) => !(error instanceof Fault))
        .then((same) => same || end())
    }, keepAliveMs)
    const end = (): void => {
      clearInterval(beat)
      leave()
      open.delete(end)
      raw.end()
    }
    open.add(end)
    raw.on('close', end)
  })
}
