/** What came of handing something to whoever carries it on: to a gateway, a push server, a chat. */

/**
 * accepted: they took it, which is not yet delivered; `reference` is their name for it. refused: trying again is useless.
 * later: they ask us to wait (`waitMs`), failed, or did not answer.
 */
export type Carried =
  | { readonly kind: 'accepted'; readonly detail: string; readonly reference?: string }
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'later'; readonly detail: string; readonly waitMs?: number }

export const PATIENCE_MS = 10_000
const MOST_ANSWER_BYTES = 64 * 1024

/** RFC 9110 section 10.2.3: seconds, or a date. */
export const retryAfterMs = (value: string | null, now: number): number | undefined => {
  if (value === null) return undefined
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}

export type Answered = {
  readonly status: number
  readonly headers: Headers
  /** At most 64 KiB of it. */
  readonly text: string
}

export const readSome = async (body: AsyncIterable<Uint8Array>): Promise<string> => {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    bytes += chunk.byteLength
    if (bytes >= MOST_ANSWER_BYTES) break
  }
  return Buffer.concat(chunks).subarray(0, MOST_ANSWER_BYTES).toString('utf8')
}

/** POSTs once, follows no redirect, and reads no more of the answer than anybody needs. Throws when nobody answers. */
export const post = async (
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array<ArrayBuffer>,
): Promise<Answered> => {
  const reply = await fetch(url, {
    method: 'POST',
    headers,
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(PATIENCE_MS),
  })
  return { status: reply.status, headers: reply.headers, text: reply.body ? await readSome(reply.body) : '' }
}

/** Nobody answered: the network, TLS, a timeout. The text of the error names hosts, never bodies or credentials. */
export const unanswered = (who: string, error: unknown): Carried => ({
  kind: 'later',
  detail: `${who} did not answer: ${((error as { cause?: Error }).cause?.message ?? (error as Error).message).slice(0, 160)}`,
})

/** What everybody means alike by a status: 2xx taken, 429 and 5xx later, the rest refused. */
export const judged = (who: string, { status, headers }: Answered, now: number, said = ''): Carried => {
  if (status >= 200 && status < 300) return { kind: 'accepted', detail: `accepted by ${who}` }
  const detail = `${who} answered ${status}${said ? `: ${said.slice(0, 160)}` : ''}`
  if (status !== 429 && status < 500) return { kind: 'refused', detail }
  const waitMs = retryAfterMs(headers.get('retry-after'), now)
  return { kind: 'later', detail, ...(waitMs === undefined ? {} : { waitMs }) }
}
