/** Calls one route of the contract; errors arrive as the server's own sentences. */
import { randomUUID } from 'node:crypto'
import type { Problem } from '../../contract/errors.ts'
import type { InputOf, ReplyOf, Route } from '../../contract/route.ts'
import type { Connection } from './connection.ts'
import { CommandFault } from './io.ts'

const PATIENCE_MS = 30_000

export class ProblemFault extends CommandFault {
  readonly problem: Problem
  constructor(problem: Problem) {
    const fields = (problem.errors ?? []).map(({ path, detail }) => `\n  ${path}: ${detail}`).join('')
    super(`${problem.title}. ${problem.detail}${fields}\n(request ${problem.requestId})`)
    this.problem = problem
  }
}

const fillPath = (
  path: string,
  input: Record<string, unknown>,
): { path: string; rest: Record<string, unknown> } => {
  const rest = { ...input }
  const filled = path.replace(/:([A-Za-z]+)/g, (_, name: string) => {
    const value = rest[name]
    delete rest[name]
    return encodeURIComponent(String(value))
  })
  return { path: filled, rest }
}

const asQuery = (rest: Record<string, unknown>): string => {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(rest)) if (value !== undefined) query.set(name, String(value))
  return query.size > 0 ? `?${query}` : ''
}

const silent = ({ url }: Connection, error: Error & { cause?: unknown }): CommandFault => {
  const reason = error.cause instanceof Error ? error.cause.message : error.message
  return new CommandFault(`${url} does not answer (${reason}). Check FORTNIGHT_URL and that the server runs.`)
}

export const requestOf = async (
  connection: Connection,
  route: Pick<Route, 'method' | 'path'>,
  input: Record<string, unknown>,
): Promise<Response> => {
  const { path, rest } = fillPath(route.path, input)
  const read = route.method === 'GET' || route.method === 'DELETE'
  const url = `${connection.url}${path}${read ? asQuery(rest) : ''}`
  try {
    return await fetch(url, {
      method: route.method,
      headers: {
        authorization: `Bearer ${connection.token}`,
        'user-agent': 'fortnight-cli/0.1',
        accept: 'application/json',
        ...(read ? {} : { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
      },
      ...(read ? {} : { body: JSON.stringify(rest) }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
  } catch (error) {
    throw silent(connection, error as Error)
  }
}

/** A file is sent as it is; what is left of the input goes into the query. */
const UPLOAD_PATIENCE_MS = 5 * 60_000

export const callWithBytes = async <T extends Route>(
  connection: Connection,
  route: T,
  input: Record<string, unknown>,
  bytes: Uint8Array,
): Promise<ReplyOf<T>> => {
  const { path, rest } = fillPath(route.path, input)
  const response = await fetch(`${connection.url}${path}${asQuery(rest)}`, {
    method: route.method,
    headers: {
      authorization: `Bearer ${connection.token}`,
      'user-agent': 'fortnight-cli/0.1',
      accept: 'application/json',
      'content-type': 'application/octet-stream',
      'idempotency-key': randomUUID(),
    },
    body: new Uint8Array(bytes),
    signal: AbortSignal.timeout(UPLOAD_PATIENCE_MS),
  }).catch((error: Error) => {
    throw silent(connection, error)
  })
  if (!response.ok) throw await problemFrom(response)
  return (await response.json()) as ReplyOf<T>
}

export const problemFrom = async (response: Response): Promise<CommandFault> => {
  const text = await response.text()
  try {
    return new ProblemFault(JSON.parse(text) as Problem)
  } catch {
    return new CommandFault(
      `The server answered ${response.status} with something that is not a Fortnight reply. Check FORTNIGHT_URL.`,
    )
  }
}

/** One call of the API. Throws ProblemFault with the server's explanation, or CommandFault when it does not answer. */
export const call = async <T extends Route>(
  connection: Connection,
  route: T,
  input: InputOf<T>,
): Promise<ReplyOf<T>> => {
  const response = await requestOf(connection, route, input as Record<string, unknown>)
  if (!response.ok) throw await problemFrom(response)
  return (await response.json()) as ReplyOf<T>
}
