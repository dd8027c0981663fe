/** GET /api/live: server-sent events that carry {area, id, version}; the browser fetches what it shows. */
import type { ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { may, type Permission } from '../../../domain/people/permissions.ts'
import type { Ctx, Platform } from '../context.ts'
import { actorId, tenantOf, type Actor } from '../actor.ts'
import { eventTypes } from '../events.ts'
import { Fault } from '../faults.ts'
import { compareCursors, isCursor, type Feed, type LiveEvent } from './feed.ts'

const KEEP_ALIVE_MS = 20_000
/** A client that does not read is cut off rather than buffered without end. */
const MOST_BUFFERED_BYTES = 1024 * 1024
const MOST_HELD_BACK = 2_000
/** A browser has one for all its tabs, or one a tab where it is reached by plain http. */
const MOST_STREAMS = 50
/** A contact who was away longer loads everything anew: looking for theirs among everybody's events would take long. */
const CONTACT_AWAY_MS = 10 * 60_000

/** Who may read an area hears of it. An area that does not stand here is heard by nobody. */
export const heardWith: Readonly<Record<string, Permission>> = {
  accounts: 'accounts.read',
  alerts: 'alerts.read',
  'alert-rules': 'alerts.read',
  'audit-packs': 'evidence.read',
  configuration: 'configuration.read',
  customers: 'customers.read',
  decisions: 'decisions.read',
  drills: 'pages.read',
  environments: 'environments.read',
  heartbeats: 'alerts.read',
  incidents: 'incidents.read',
  installation: 'installation.read',
  keys: 'environments.read',
  ledger: 'evidence.read',
  maintenance: 'alerts.read',
  'on-call': 'on-call.read',
  'operator-log': 'operator-log.read',
  pages: 'pages.read',
  'phone-lines': 'alerts.read',
  self: 'self.read',
  'sign-in': 'accounts.read',
  teams: 'teams.read',
  tokens: 'accounts.read',
}

const maySee = (actor: Actor, event: LiveEvent): boolean => {
  const permission = heardWith[event.area]
  if (permission === undefined || !may(actor, permission)) return false
  if (actor.kind === 'person') return true
  // Proposals, recordings and entries that were not released do not exist for a contact.
  const told = eventTypes().get(event.type)?.contactsHear === true
  return told && actor.kind === 'contact' && event.customerId === actor.customerId
}

/** A contact learns where something changed. Which of the records it was may be one that they cannot read (yet). */
const wordOf = (actor: Actor, { area, type, id, version, environmentId }: LiveEvent): object =>
  actor.kind === 'contact' ? { area, environmentId } : { area, type, id, version, environmentId }

/** A place with the lineage it is a place of; '' for one of another lineage. */
const placesOf = (lineage: string) => ({
  show: (cursor: string): string => (lineage === '' ? cursor : `${lineage}/${cursor}`),
  read: (text: string): string => {
    const [cursor = '', of = ''] = text.split('/').reverse()
    return of === lineage ? cursor : ''
  },
})

/** Where the feed stands, as staff are told it: what is read from now on includes everything before. */
export const placeOf = (feed: Feed): string => placesOf(feed.lineage()).show(feed.cursor())

/** Cursors count everybody's events, so a contact is given them sealed, good for a while. */
const cursorsFor = (actor: Actor, { secrets, clock }: Platform, lineage: string) => {
  const places = placesOf(lineage)
  if (actor.kind !== 'contact') return places
  return {
    show: (cursor: string) =>
      secrets.seal('live-cursor', Buffer.from(`${clock.now()} ${places.show(cursor)}`)).toString('base64url'),
    read: (text: string): string => {
      try {
        const opened = secrets.open('live-cursor', Buffer.from(text, 'base64url')).toString()
        const [givenAt = '', place = ''] = opened.split(' ')
        return clock.now() - Number(givenAt) <= CONTACT_AWAY_MS ? places.read(place) : ''
      } catch {
        return ''
      }
    },
  }
}

const isOf = (actor: Actor, id: string): boolean =>
  [
    actorId(actor),
    'sessionId' in actor ? actor.sessionId : undefined,
    'tokenId' in actor ? actor.tokenId : undefined,
  ].includes(id)

type Client = {
  /** Where the client says it stopped; undefined for a first visit, '' for a place we cannot find. */
  readonly from: string | undefined
  readonly actor: Actor
  readonly raw: ServerResponse
  readonly show: (cursor: string) => string
  /** Called where the account, the session or the token itself is what changed; the beat finds the rest. */
  readonly ownChanged: () => void
}

/** Writes to one client in the order of the feed, each event once, without a gap or with a `reset`. Returns the unsubscriber. */
const follow = (feed: Feed, { from, actor, raw, show, ownChanged }: Client): (() => void) => {
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
    write(`id: ${show(event.cursor)}\nevent: change\ndata: ${JSON.stringify(wordOf(actor, event))}\n\n`)
  }
  const leave = feed.subscribe((event) => {
    if (isOf(actor, event.id)) ownChanged()
    if (!heldBack) tell(event)
    else if (heldBack.length < MOST_HELD_BACK) heldBack.push(event)
    else raw.destroy()
  })
  write(`retry: 1000\nid: ${show(last)}\nevent: hello\ndata: {}\n\n`)
  const catchUp = async (): Promise<void> => {
    const missed = isCursor(from ?? '')
      ? await feed.since(last, tenantOf(actor)).catch(() => undefined)
      : undefined
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
  const openOf = new Map<string, number>()
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
    if ((openOf.get(actor.accountId) ?? 0) >= MOST_STREAMS)
      throw new Fault('unavailable', `At most ${MOST_STREAMS} streams at a time. Close some, then ask again.`)
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
    // A session that was ended, or an account whose roles changed, follows no further.
    const endUnlessSame = (): void =>
      void request
        .ctxAnew()
        .then((now: Ctx) => sameActor(now.actor, actor))
        .catch((error: unknown) => !(error instanceof Fault))
        .then((same) => same || end())
    const beat = setInterval(() => {
      if (raw.writableLength > MOST_BUFFERED_BYTES) raw.destroy()
      else raw.write(': still here\n\n')
      endUnlessSame()
    }, keepAliveMs)
    const leave = follow(feed, { from, actor, raw, show, ownChanged: endUnlessSame })
    const end = (): void => {
      raw.end()
      if (!open.delete(end)) return
      clearInterval(beat)
      leave()
      const left = (openOf.get(actor.accountId) ?? 1) - 1
      if (left > 0) openOf.set(actor.accountId, left)
      else openOf.delete(actor.accountId)
    }
    open.add(end)
    openOf.set(actor.accountId, (openOf.get(actor.accountId) ?? 0) + 1)
    raw.on('close', end)
  })
}
