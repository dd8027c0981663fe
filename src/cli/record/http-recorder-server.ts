/** The recorder's server over HTTP, as `server-port.ts` describes it. */
import type { OpenedSession, RecorderServer, RecorderServerFault } from './server-port.ts'

export type HttpRecorderServerOptions = {
  /** Such as `https://fortnight.example`; a path before `/api` is kept. */
  readonly url: string
  readonly token: string
  readonly timeoutMs?: number
  readonly fetch?: typeof fetch
}

const TIMEOUT_MS = 15_000

type Call = {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly session?: OpenedSession
  readonly body?: unknown
  readonly bytes?: Uint8Array
  readonly headers?: Readonly<Record<string, string>>
}

export const httpRecorderServer = (options: HttpRecorderServerOptions): RecorderServer => {
  const call = (request: Call): Promise<unknown> => send(options, request)
  const ofSession = (session: OpenedSession): string => `/${encodeURIComponent(session.sessionId)}`
  return {
    openSession: async (session) => {
      const headers = { 'idempotency-key': session.localId }
      return readOpened(await call({ method: 'POST', path: '', body: session, headers }))
    },
    attachDecision: async (session, decision) => {
      await call({ method: 'POST', path: `${ofSession(session)}/decision`, session, body: decision })
    },
    redact: async (session, cut) => {
      await call({ method: 'POST', path: `${ofSession(session)}/redactions`, session, body: cut })
    },
    putChunk: async (session, chunk) => {
      await call({
        method: 'PUT',
        path: `${ofSession(session)}/chunks/${chunk.n}`,
        session,
        bytes: chunk.bytes,
        headers: {
          'content-type': 'application/gzip',
          'x-chunk-sha256': chunk.sha256,
          'x-chunk-head': chunk.head,
          'x-chunk-recorded-at': String(Math.round(chunk.recordedAt)),
        },
      })
    },
    progress: async (session, progress) => {
      await call({ method: 'POST', path: `${ofSession(session)}/progress`, session, body: progress })
    },
    status: async (session) => {
      const reply = record(await call({ method: 'GET', path: ofSession(session), session }))
      const { state, next, head } = reply
      if (state !== 'open' && state !== 'closed' && state !== 'abandoned') throw oddReply('state')
      if (typeof next !== 'number' || !Number.isSafeInteger(next) || next < 0) throw oddReply('next')
      if (typeof head !== 'string') throw oddReply('head')
      return { state, next, head }
    },
    close: async (session, close) => {
      const reply = record(
        await call({ method: 'POST', path: `${ofSession(session)}/close`, session, body: close }),
      )
      return {
        ...(typeof reply['entry'] === 'string' ? { entry: reply['entry'] } : {}),
        ...(typeof reply['url'] === 'string' ? { url: reply['url'] } : {}),
      }
    },
  }
}

const send = async (options: HttpRecorderServerOptions, call: Call): Promise<unknown> => {
  const request = options.fetch ?? fetch
  const url = `${options.url.replace(/\/+$/, '')}/api/recordings${call.path}`
  let response: Response
  let text: string
  try {
    response = await request(url, {
      method: call.method,
      headers: {
        authorization: `Bearer ${options.token}`,
        accept: 'application/json, application/problem+json',
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(call.session?.sessionKey === undefined ? {} : { 'x-session-key': call.session.sessionKey }),
        ...call.headers,
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      ...(call.bytes === undefined ? {} : { body: new Uint8Array(call.bytes) }),
      signal: AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS),
      // A redirect could carry the token to somebody else.
      redirect: 'error',
    })
    text = await response.text()
  } catch (error) {
    throw unreachable(options.url, error)
  }
  if (!response.ok) throw problem(response.status, text)
  if (text === '') return {}
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw oddReply('body')
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection broke',
  UND_ERR_SOCKET: 'the connection broke',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up',
  EHOSTUNREACH: 'no way there',
  ENETUNREACH: 'no network',
  ETIMEDOUT: 'no answer in time',
  TimeoutError: 'no answer in time',
}

const unreachable = (url: string, error: unknown): RecorderServerFault => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = (cause as { code?: unknown }).code
  const name = cause instanceof Error ? cause.name : ''
  const reason =
    REASONS[typeof code === 'string' ? code : name] ?? (typeof code === 'string' ? code : 'no connection')
  return {
    fault: 'unreachable',
    status: null,
    code: 'unreachable',
    detail: `${url} cannot be reached (${reason})`,
  }
}

const problem = (status: number, text: string): RecorderServerFault => {
  let reply: Readonly<Record<string, unknown>> = {}
  try {
    reply = record(JSON.parse(text))
  } catch {
    // A proxy's page: the status has to do.
  }
  return {
    fault: status >= 500 || status === 429 || status === 408 ? 'unreachable' : 'refused',
    status,
    code: typeof reply['code'] === 'string' ? reply['code'] : `http-${status}`,
    detail:
      typeof reply['detail'] === 'string' ? reply['detail'].slice(0, 500) : `The server answered ${status}`,
  }
}

/** A success that is none: a login page behind a proxy, another product. Trying again later is right. */
const oddReply = (what: string): RecorderServerFault => ({
  fault: 'unreachable',
  status: 200,
  code: 'odd-reply',
  detail: `The answer is not a Fortnight server's (${what})`,
})

const readOpened = (reply: unknown): OpenedSession => {
  const { sessionId, sessionKey, url } = record(reply)
  if (typeof sessionId !== 'string' || sessionId === '') throw oddReply('sessionId')
  return {
    sessionId,
    ...(typeof sessionKey === 'string' ? { sessionKey } : {}),
    ...(typeof url === 'string' ? { url } : {}),
  }
}

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
