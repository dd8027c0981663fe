/** Wake-ups between processes: NOTIFY after commit, at most one per process in 25 ms; everything also polls. */
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

/** Keeps one connection for LISTEN and NOTIFY; when it is lost everybody is woken once and it is opened again. */
export const openNotifier = (connectionString: string, log: Log): Notifier => {
  const listeners = new Map<Topic, Set<() => void>>()
  const due = new Set<Topic>()
  let timer: NodeJS.Timeout | undefined
  let client: pg.Client | undefined
  let closed = false

  const wakeLocal = (topic: Topic): void => {
    for (const listener of listeners.get(topic) ?? []) listener()
  }

  const connect = async (): Promise<void> => {
    if (closed) return
    const next = new pg.Client({
      connectionString,
      application_name: 'fortnight notify',
      connectionTimeoutMillis: 5_000,
    })
    const lost = (error?: Error): void => {
      if (client !== next && client !== undefined) return
      client = undefined
      if (closed) return
      log.warn({ err: error?.message }, 'the wake-up connection was lost; polling goes on')
      setTimeout(() => void connect(), RECONNECT_MS).unref()
    }
    next.on('error', () => undefined)
    next.on('end', () => lost())
    next.on('notification', ({ payload }) => {
      for (const topic of (payload ?? '').split(',')) wakeLocal(topic as Topic)
    })
    try {
      await next.connect()
      await next.query(`listen ${CHANNEL}`)
      client = next
      // What was said while we were deaf is unknown: look once.
      for (const topic of listeners.keys()) wakeLocal(topic)
    } catch (error) {
      await next.end().catch(() => undefined)
      lost(error as Error)
    }
  }

  const flush = (): void => {
    timer = undefined
    const topics = [...due].join(',')
    due.clear()
    client?.query('select pg_notify($1, $2)', [CHANNEL, topics]).catch(() => undefined)
  }

  void connect()
  return {
    say: (topic) => {
      wakeLocal(topic)
      due.add(topic)
      timer ??= setTimeout(flush, COALESCE_MS)
    },
    hear: (topic, listener) => {
      const set = listeners.get(topic) ?? new Set()
      set.add(listener)
      listeners.set(topic, set)
    },
    listening: () => client !== undefined,
    close: async () => {
      closed = true
      clearTimeout(timer)
      await client?.end().catch(() => undefined)
    },
  }
}
