/**
 * A sign of life to whoever watches us from outside (Dead Man's Snitch, healthchecks.io, another Fortnight): sent only
 * while paging is healthy, so that its absence says everything that no message of ours could.
 */
import type { Log } from '../platform/log.ts'

export type HeartbeatSettings = {
  readonly urls: readonly string[]
  readonly everyMs: number
  /** Also without TLS, and to addresses inside a network. */
  readonly allowInside: boolean
}

export type HeartbeatOut = (healthy: boolean, nowMs: number) => Promise<void>

/** Credentials in the address become a header: user and password, or `:key` for an integration key of another Fortnight. */
export const requestOf = (address: string): { url: string; headers: Record<string, string> } => {
  const url = new URL(address)
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  url.username = ''
  url.password = ''
  return {
    url: url.href,
    headers: {
      'user-agent': 'Fortnight',
      ...(credentials === ':'
        ? {}
        : { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }),
    },
  }
}

const sendOne = async (address: string, allowInside: boolean): Promise<number> => {
  const { url, headers } = requestOf(address)
  // Loaded when first needed: an idle watch stays small.
  const { post } = await import('../platform/carriers/carried.ts')
  const { postOutside } = await import('../platform/carriers/post-outside.ts')
  return (await (allowInside ? post : postOutside)(url, headers, '')).status
}

/** The address itself may be the secret: a log names its host alone. */
export const openHeartbeatOut = (
  { urls, everyMs, allowInside }: HeartbeatSettings,
  log: Pick<Log, 'info' | 'warn'>,
): HeartbeatOut => {
  let sentAt: number | undefined
  const failing = new Set<string>()
  const note = (address: string, fault: string | undefined): void => {
    const { host } = new URL(address)
    if (fault === undefined) {
      if (failing.delete(address)) log.info({ host }, 'our heartbeat is heard again')
    } else if (!failing.has(address)) {
      failing.add(address)
      log.warn({ host, fault }, 'our heartbeat is not heard')
    }
  }
  return async (healthy, now) => {
    if (!healthy || urls.length === 0) return
    if (sentAt !== undefined && now >= sentAt && now - sentAt < everyMs) return
    sentAt = now
    await Promise.all(
      urls.map((address) =>
        sendOne(address, allowInside).then(
          (status) => note(address, status < 300 ? undefined : `answered ${status}`),
          (error: Error) => note(address, error.message.slice(0, 160)),
        ),
      ),
    )
  }
}
