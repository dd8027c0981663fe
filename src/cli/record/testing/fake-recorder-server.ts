/** A server for tests that takes nothing on trust: order, hashes, heads and repetition as `server-port.ts` demands. */
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import type { AttachDecision, CloseSession, OpenSession, Progress, RedactionRequest } from '../server-port.ts'

export type FakeSession = {
  readonly id: string
  readonly open: OpenSession
  readonly openedAt: number
  readonly chunks: { bytes: Buffer; sha256: string; recordedAt: number }[]
  head: Buffer
  readonly decisions: AttachDecision[]
  /** With the number of chunks that were stored when it came. */
  readonly cuts: (RedactionRequest & { readonly stored: number })[]
  readonly progress: Progress[]
  close: CloseSession | null
  opens: number
  closes: number
}

export type FakeRecorderServer = {
  readonly url: string
  readonly token: string
  readonly sessions: Map<string, FakeSession>
  /** What was refused, as `METHOD path code`. */
  readonly refusals: string[]
  /** All chunks unpacked, one after another: a .cast file. */
  readonly cast: (session: FakeSession) => string
  /** `down` drops connections as a cut network does; `refuse` answers each request with this code. */
  mode: 'up' | 'down' | { readonly refuse: string }
  /** Drops the answer of this many requests after doing what they ask: the client cannot know. */
  loseAnswers: number
  readonly whenSession: (isReached: (session: FakeSession) => boolean) => Promise<FakeSession>
  readonly close: () => Promise<void>
}

const TOKEN = 'fake-token-of-the-test'
const KEY = 'fake-session-key'

export const startFakeRecorderServer = async (port = 0): Promise<FakeRecorderServer> => {
  const sessions = new Map<string, FakeSession>()
  const refusals: string[] = []
  const watchers = new Set<() => void>()
  const fake = {
    token: TOKEN,
    sessions,
    refusals,
    mode: 'up' as FakeRecorderServer['mode'],
    loseAnswers: 0,
    cast: (session: FakeSession) =>
      session.chunks.map((chunk) => gunzipSync(chunk.bytes).toString('utf8')).join(''),
  }
  const server: Server = createServer((request, response) => {
    if (fake.mode === 'down') return void request.socket.destroy()
    void readBody(request).then((body) => {
      const reply =
        fake.mode === 'up'
          ? answer(sessions, request, body)
          : problem(403, (fake.mode as { refuse: string }).refuse)
      if (reply.status >= 400)
        refusals.push(`${request.method} ${request.url} ${(reply.body as { code: string }).code}`)
      for (const watcher of watchers) watcher()
      if (fake.loseAnswers > 0) {
        fake.loseAnswers--
        return void request.socket.destroy()
      }
      response.writeHead(reply.status, { 'content-type': 'application/json' })
      response.end(reply.body === undefined ? '' : JSON.stringify(reply.body))
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return Object.assign(fake, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    whenSession: (isReached: (session: FakeSession) => boolean) =>
      new Promise<FakeSession>((resolve, reject) => {
        const timeout = setTimeout(() => {
          watchers.delete(look)
          const seen = [...sessions.values()].map(({ id, chunks, close }) => ({
            id,
            chunks: chunks.length,
            close: close !== null,
          }))
          reject(
            new Error(
              `no session came to that; seen: ${JSON.stringify(seen)} refused: ${refusals.join(', ')}`,
            ),
          )
        }, 30_000)
        const look = (): void => {
          const found = [...sessions.values()].find(isReached)
          if (found === undefined) return
          clearTimeout(timeout)
          watchers.delete(look)
          resolve(found)
        }
        watchers.add(look)
        look()
      }),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

type Reply = { readonly status: number; readonly body?: unknown }

const problem = (status: number, code: string): Reply => ({
  status,
  body: { code, title: code, detail: `because of ${code}` },
})

const answer = (sessions: Map<string, FakeSession>, request: IncomingMessage, body: Buffer): Reply => {
  const [, root, area, id, part, number] = (request.url ?? '').split('/')
  if (root !== 'api' || area !== 'recordings') return problem(404, 'not-found')
  if (request.headers.authorization !== `Bearer ${TOKEN}`) return problem(401, 'not-signed-in')
  if (id === undefined) return openSession(sessions, JSON.parse(body.toString()) as OpenSession)
  const session = sessions.get(decodeURIComponent(id))
  if (session === undefined) return problem(404, 'recording-unknown')
  if (request.headers['x-session-key'] !== KEY) return problem(403, 'session-key-wrong')
  const route = `${request.method} ${part ?? ''}`
  switch (route) {
    case 'GET ': {
      const state = session.close === null ? 'open' : 'closed'
      return { status: 200, body: { state, next: session.chunks.length, head: session.head.toString('hex') } }
    }
    case 'PUT chunks':
      return putChunk(session, Number(number), request, body)
    case 'POST progress':
      session.progress.push(JSON.parse(body.toString()) as Progress)
      return { status: 204 }
    case 'POST decision': {
      const decision = JSON.parse(body.toString()) as AttachDecision
      if (decision.decision === 'D-404') return problem(422, 'decision-unknown')
      const known = session.decisions.some(
        (one) => one.decision === decision.decision && one.atCommand === decision.atCommand,
      )
      if (!known) session.decisions.push(decision)
      return { status: 200, body: {} }
    }
    case 'POST redactions':
      session.cuts.push({
        ...(JSON.parse(body.toString()) as RedactionRequest),
        stored: session.chunks.length,
      })
      return { status: 202, body: {} }
    case 'POST close':
      return closeSession(session, JSON.parse(body.toString()) as CloseSession)
    default:
      return problem(405, 'method-unknown')
  }
}

const openSession = (sessions: Map<string, FakeSession>, open: OpenSession): Reply => {
  if (open.kind === 'decided' && open.decision === undefined) return problem(422, 'decision-required')
  if (open.decision === 'D-404') return problem(422, 'decision-unknown')
  if (open.kind === 'break-glass' && open.why === undefined) return problem(422, 'reason-required')
  const known = [...sessions.values()].find((session) => session.open.localId === open.localId)
  if (known !== undefined) {
    known.opens++
    return {
      status: 200,
      body: { sessionId: known.id, sessionKey: KEY, url: `https://fortnight.example/recordings/${known.id}` },
    }
  }
  const id = `s-${sessions.size + 1}`
  sessions.set(id, {
    id,
    open,
    openedAt: Date.now(),
    chunks: [],
    head: Buffer.alloc(32),
    decisions: [],
    cuts: [],
    progress: [],
    close: null,
    opens: 1,
    closes: 0,
  })
  return {
    status: 201,
    body: { sessionId: id, sessionKey: KEY, url: `https://fortnight.example/recordings/${id}` },
  }
}

const putChunk = (session: FakeSession, n: number, request: IncomingMessage, body: Buffer): Reply => {
  const digest = createHash('sha256').update(body).digest()
  if (digest.toString('hex') !== request.headers['x-chunk-sha256']) return problem(422, 'chunk-hash-mismatch')
  const stored = session.chunks[n]
  if (stored !== undefined)
    return stored.sha256 === digest.toString('hex') ? { status: 204 } : problem(409, 'chunk-differs')
  if (n !== session.chunks.length) return problem(409, 'chunk-out-of-order')
  if (session.close !== null) return problem(409, 'already-closed')
  const head = createHash('sha256')
    .update(Buffer.concat([Buffer.from([3]), session.head, digest]))
    .digest()
  if (head.toString('hex') !== request.headers['x-chunk-head']) return problem(422, 'chunk-hash-mismatch')
  if (gunzipSync(body).length > 256 * 1024) return problem(422, 'chunk-too-large')
  const recordedAt = Number(request.headers['x-chunk-recorded-at'])
  session.chunks.push({ bytes: body, sha256: digest.toString('hex'), recordedAt })
  session.head = head
  return { status: 204 }
}

const closeSession = (session: FakeSession, close: CloseSession): Reply => {
  if (close.chunks !== session.chunks.length || close.head !== session.head.toString('hex'))
    return problem(409, 'chunks-missing')
  if (session.close !== null && JSON.stringify(session.close) !== JSON.stringify(close))
    return problem(409, 'already-closed')
  session.close = close
  session.closes++
  return {
    status: 200,
    body: { entry: `entry-${session.id}`, url: `https://fortnight.example/recordings/${session.id}` },
  }
}

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}
