/** Every call to the server, typed by the contract's route tables; only their types are used, so none of the contract is shipped. */
import type { InputOf, ReplyOf } from '../../contract/route.ts'
import type { ContractTable } from './contract-tables.ts'
import { failureOf, offline, type Answer } from './failure.ts'

type RoutesOf<T> = T extends Readonly<Record<string, infer R>> ? R : never
type AnyRoute = RoutesOf<ContractTable>
type NameOf<R> = R extends { method: infer M extends string; path: infer P extends string }
  ? `${M} ${P}`
  : never

/** `GET /api/alerts/:alertId`, exactly as the contract declares it. */
export type RouteName = NameOf<AnyRoute>
type RouteNamed<N extends RouteName> = AnyRoute extends infer R
  ? R extends AnyRoute
    ? NameOf<R> extends N
      ? R
      : never
    : never
  : never
export type Input<N extends RouteName> = RouteNamed<N> extends never ? never : InputOf<RouteNamed<N>>
export type Reply<N extends RouteName> = RouteNamed<N> extends never ? never : ReplyOf<RouteNamed<N>>

const newKey = (): string =>
  // Not randomUUID: it is missing where the page came over plain http.
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')

type Address = { readonly url: string; readonly rest: Readonly<Record<string, unknown>> }

/** Fills `:params` and leaves the rest of the input for query or body. */
export const addressOf = (path: string, input: Readonly<Record<string, unknown>>): Address => {
  const rest: Record<string, unknown> = { ...input }
  const url = path.replace(/:(\w+)/g, (_, name: string) => {
    const value = rest[name]
    delete rest[name]
    return encodeURIComponent(String(value))
  })
  return { url, rest }
}

const queryOf = (rest: Readonly<Record<string, unknown>>): string => {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(rest))
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value))
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}

type Carry = (url: string, init: RequestInit) => Promise<Answer>
let carry: Carry = (url, init) => fetch(url, init)
/** Where there is no browser, requests go another way than over the network. */
export const carryBy = (other: Carry): void => {
  carry = other
}

let asked: string | undefined
/** In which language refusals are to be said: that of the account, which need not be the browser's. */
export const askIn = (locale: string): void => {
  asked = locale
}

const REPEATS = 2
const REPEAT_AFTER_MS = 400

/** A request that got no answer is repeated under the same key: the server does it once. */
const send = async (url: string, init: RequestInit, repeats: number): Promise<Answer> => {
  try {
    return await carry(url, init)
  } catch (error) {
    if (init.signal?.aborted) throw error
    if (repeats <= 0) throw offline()
    await new Promise((resume) => setTimeout(resume, REPEAT_AFTER_MS))
    return send(url, init, repeats - 1)
  }
}

/**
 * @throws Failure for every answer that is not 2xx, and when no answer came
 * @param idempotencyKey give one to be able to ask again later; made anew otherwise
 */
export const api = async <N extends RouteName>(
  name: N,
  input?: Input<N>,
  options: {
    readonly signal?: AbortSignal
    readonly idempotencyKey?: string
    /** Asks what would be and writes nothing: sent without a key, so that no reply is kept for it. */
    readonly asksOnly?: boolean
  } = {},
): Promise<Reply<N>> => {
  const [method = 'GET', path = ''] = name.split(' ')
  const { url, rest } = addressOf(path, (input ?? {}) as Record<string, unknown>)
  const reads = method === 'GET'
  const asQuery = reads || method === 'DELETE'
  const headers: Record<string, string> = { accept: 'application/json' }
  if (asked) headers['accept-language'] = asked
  if (!reads && !options.asksOnly) headers['idempotency-key'] = options.idempotencyKey ?? newKey()
  if (!asQuery) headers['content-type'] = 'application/json'
  const response = await send(
    asQuery ? url + queryOf(rest) : url,
    {
      method,
      headers,
      credentials: 'same-origin',
      ...(asQuery ? {} : { body: JSON.stringify(rest) }),
      ...(options.signal ? { signal: options.signal } : {}),
    },
    // Queries are repeated by their own rule.
    reads || options.asksOnly ? 0 : REPEATS,
  )
  if (!response.ok) throw await failureOf(response)
  return (await response.json()) as Reply<N>
}
