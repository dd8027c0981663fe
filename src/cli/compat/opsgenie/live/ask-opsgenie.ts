/** Asks OpsGenie's REST API v2 as it wants to be asked: with its key, page after page, and again when it is busy. */
import { setTimeout as pause } from 'node:timers/promises'
import { CommandFault } from '../../../shell/io.ts'

export type Asking = {
  /** Without a slash at the end. */
  readonly url: string
  readonly key: string
  readonly wait?: (ms: number) => Promise<unknown>
}

/** @returns the reply as it came, `{ data, paging }`; @throws NotGiven for what this key or plan does not get */
export type Ask = (path: string) => Promise<Record<string, unknown>>

/** OpsGenie answered that there is no such thing for us (402, 403, 404, 422): the rest of the account can still be read. */
export class NotGiven extends Error {}

const MOST_TRIES = 7
const LONGEST_WAIT_MS = 120_000
const PATIENCE_MS = 60_000
const LARGEST_REPLY_BYTES = 64 * 1024 * 1024
const MOST_PAGES = 10_000
const PER_PAGE = 100

/** A key goes over the network only encrypted; a server on the same machine is a test. */
export const checkedUrl = (text: string): string => {
  const url = URL.parse(text)
  const isLoopback = url !== null && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)
  if (url === null || (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)))
    throw new CommandFault(
      '--url is the address of the API: https://api.opsgenie.com or https://api.eu.opsgenie.com',
    )
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}

/** What it asks for, or one second, two, four … */
const waitMsAfter = (response: Response | undefined, tries: number): number => {
  const said = response?.headers.get('retry-after') ?? response?.headers.get('x-ratelimit-period-in-sec')
  const seconds =
    said === null || said === undefined || !/^\d{1,6}$/.test(said) ? 2 ** (tries - 1) : Number(said)
  return Math.min(LONGEST_WAIT_MS, seconds * 1_000)
}

const bodyOf = async (response: Response, path: string): Promise<Record<string, unknown>> => {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > LARGEST_REPLY_BYTES) throw new CommandFault(`The answer to ${path} is larger than 64 MB.`)
    chunks.push(chunk)
  }
  try {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    if (typeof body === 'object' && body !== null) return body as Record<string, unknown>
  } catch {
    // Said below: a page of a proxy, or an answer that was cut off.
  }
  throw new CommandFault(`The answer to ${path} is not OpsGenie’s. Check --url. Nothing was written.`)
}

const refusedBy = ({ status }: Response, path: string): Error => {
  if (status === 401)
    return new CommandFault(
      'OpsGenie does not know this key (401). It must be an API key with the rights Read and Configuration access.',
    )
  if ([402, 403, 404, 422].includes(status)) return new NotGiven(`OpsGenie answers ${status} to ${path}`)
  return new CommandFault(`OpsGenie answers ${status} to ${path}. Nothing was written.`)
}

export const askOpsGenie =
  ({ url, key, wait = pause }: Asking): Ask =>
  async (path) => {
    for (let tries = 1; ; tries += 1) {
      let response: Response | undefined
      let silence = ''
      try {
        response = await fetch(`${url}${path}`, {
          headers: { authorization: `GenieKey ${key}`, accept: 'application/json' },
          // The key is for this host alone.
          redirect: 'error',
          signal: AbortSignal.timeout(PATIENCE_MS),
        })
        if (response.ok) return await bodyOf(response, path)
      } catch (error) {
        if (error instanceof CommandFault) throw error
        const { message, cause } = error as Error
        silence = cause instanceof Error ? cause.message : message
        response = undefined
      }
      if (response && response.status !== 429 && response.status < 500) throw refusedBy(response, path)
      await response?.body?.cancel()
      if (tries === MOST_TRIES)
        throw new CommandFault(
          `${url} did not answer ${path} in ${MOST_TRIES} tries (${response ? response.status : silence}). Nothing was written.`,
        )
      await wait(waitMsAfter(response, tries))
    }
  }

const entriesIn = (data: unknown, key: string | undefined): unknown[] => {
  if (Array.isArray(data)) return data as unknown[]
  const within = key === undefined ? undefined : (data as Record<string, unknown> | undefined)?.[key]
  return Array.isArray(within) ? (within as unknown[]) : []
}

/** Where the next page is, on the host that we know: the key goes to no other, whatever a reply says. */
const nextPath = (body: Record<string, unknown>, base: string): string | undefined => {
  const next = (body['paging'] as { next?: unknown } | undefined)?.next
  const url = typeof next === 'string' ? URL.parse(next, 'https://api.opsgenie.com') : null
  return url === null ? undefined : `${base}${url.search}`
}

/** Every entry of a list, over all its pages. @param within the name of the list in `data`, where `data` is not the list */
export const askForAll = async (ask: Ask, path: string, within?: string): Promise<unknown[]> => {
  const [base = path, query] = path.split('?')
  const found: unknown[] = []
  const asked = new Set<string>()
  let next: string | undefined = `${base}?limit=${PER_PAGE}&offset=0${query === undefined ? '' : `&${query}`}`
  while (next !== undefined && !asked.has(next)) {
    if (asked.size >= MOST_PAGES) throw new CommandFault(`${base} has more than ${MOST_PAGES} pages.`)
    asked.add(next)
    const body = await ask(next)
    found.push(...entriesIn(body['data'], within))
    next = nextPath(body, base)
  }
  return found
}
