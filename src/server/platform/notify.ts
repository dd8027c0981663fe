/** Wake-ups between processes: NOTIFY after commit, at most one per process in 25 ms; everything also polls. */
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { Log } from './log.ts'

export type Topic = 'events' | 'tasks' | 'installation'

export type Notifier = {
  /** Says, soon, that there is news; to listeners of this process at once, to the others by NOTIFY. */
  readonly say: (topic: Topic) => void
  readonly hear: (topic: Topic, listener: () => void) => void
  readonly close: () => Promise<void>
  /** False while the listening connection is away: readers then rely on their polling. */
  readonly listening: () => boolean
}

const CHANNEL = 'fortnight'
const COALESCE_MS = 25
const RECONNECT_MS = 500
const END_PATIENCE_MS = 1_000

type Listeners = Map<Topic, Set<() => void>>

const wake = (listeners: Listeners, topic: Topic): void => {
  for (const listener of listeners.get(topic) ?? []) listener()
}

/** Opens the connection, listens, and resolves when it has ended, for whatever reason. */
const listenOnce = async (
  client: pg.Client,
  listeners: Listeners,
  heard: (client: pg.Client) => void,
  closing: AbortSignal,
): Promise<Error | undefined> => {
  let fault: Error | undefined
  const ended = new Promise<void>((resolve) => client.once('end', resolve))
  client.on('error', (error) => {
    fault = error
  })
  client.on('notification', ({ payload }) => {
    for (const topic of (payload ?? '').split(',')) wake(listeners, topic as Topic)
  })
  try {
    await client.connect()
    if (closing.aborted) return undefined
    await client.query(`listen ${CHANNEL}`)
    if (closing.aborted) return undefined
    heard(client)
    await ended
    return fault
  } catch (error) {
    return error as Error
  } finally {
    await Promise.race([
      client.end().catch(() => undefined),
      pause(END_PATIENCE_MS, undefined, { ref: false }),
    ])
  }
}

/**
 * Keeps one connection for LISTEN and NOTIFY; when it is lost it is opened again, by one attempt at a time.
 *
 * @param onConnection is given each connection once it listens
 */
export const openNotifier = (
  connectionString: string,
  log: Log,
  onConnection?: (client: pg.Client) => Promise<void>,
): Notifier => {
  const listeners: Listeners = new Map()
  const due = new Set<Topic>()
  const closing = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let client: pg.Client | undefined
  let listening = false

  const keepListening = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      client = new pg.Client({
        connectionString,
        application_name: 'fortnight notify',
        connectionTimeoutMillis: 5_000,
        keepAlive: true,
      })
      const heard = (connected: pg.Client): void => {
        listening = true
        // Its loss is told where the connection ends.
        onConnection?.(connected).catch(() => undefined)
        // What was said while we were deaf is unknown: look once.
        for (const topic of listeners.keys()) wake(listeners, topic)
      }
      const fault = await listenOnce(client, listeners, heard, closing.signal)
      listening = false
      if (closing.signal.aborted) return
      log.warn({ err: fault?.message }, 'the wake-up connection was lost; polling goes on')
      await pause(RECONNECT_MS, undefined, { ref: false, signal: closing.signal }).catch(() => undefined)
    }
  }

  const flush = (): void => {
    timer = undefined
    const topics = [...due].join(',')
    due.clear()
    if (listening) client?.query('select pg_notify($1, $2)', [CHANNEL, topics]).catch(() => undefined)
  }

  const kept = keepListening()
  return {
    say: (topic) => {
      wake(listeners, topic)
      due.add(topic)
      timer ??= setTimeout(flush, COALESCE_MS)
    },
    hear: (topic, listener) => {
      const set = listeners.get(topic) ?? new Set()
      set.add(listener)
      listeners.set(topic, set)
    },
    listening: () => listening,
    close: async () => {
      closing.abort()
      clearTimeout(timer)
      // A client that still connects cannot be ended; it sees the signal when it has connected.
      if (listening) await client?.end().catch(() => undefined)
      await Promise.race([kept, pause(END_PATIENCE_MS, undefined, { ref: false })])
    },
  }
}
