/** Live updates: one EventSource for all tabs of a browser; the leading tab listens and tells the others. */
import { useSyncExternalStore } from 'react'
import { refreshAfter, refreshAll, refreshOlder, type Change } from './refresh.ts'

export type Connection = 'connecting' | 'live' | 'stale'
type Word =
  | { readonly kind: 'change'; readonly change: Change }
  | { readonly kind: 'reset' }
  | { readonly kind: 'state'; readonly state: Connection }
  | { readonly kind: 'who-leads' }

const RETRY_MS = 3_000
/** A short break is not worth alarming anybody. */
const PATIENCE_MS = 4_000
/** After a sleep the connection looks open and is not. */
const SLEPT_MS = 60_000

let state: Connection = 'connecting'
const watchers = new Set<() => void>()
const setState = (next: Connection): void => {
  if (next === state) return
  state = next
  for (const watcher of watchers) watcher()
}
export const useConnection = (): Connection =>
  useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    () => state,
    () => 'connecting',
  )

const take = (word: Word): void => {
  if (word.kind === 'change') refreshAfter(word.change)
  if (word.kind === 'reset') refreshAll()
  if (word.kind === 'state') setState(word.state)
}

/**
 * Listens until told to stop; reconnects for ever and says when what is on screen may be old.
 * @param place where in the feed what is on screen was read; '' when nobody knows
 */
const listen = (tell: (word: Word) => void, hasFollowed: boolean, place: string): (() => void) => {
  let source: EventSource | undefined
  let cursor = place
  let retry: number | undefined
  let doubt: number | undefined
  let missedSome = hasFollowed

  const say = (word: Word): void => {
    take(word)
    tell(word)
  }
  const doubtSoon = (): void => {
    doubt ??= window.setTimeout(() => say({ kind: 'state', state: 'stale' }), PATIENCE_MS)
  }
  const open = (): void => {
    source?.close()
    const from = cursor
    source = new EventSource(from === '' ? '/api/live' : `/api/live?since=${encodeURIComponent(from)}`)
    source.addEventListener('hello', (event) => {
      window.clearTimeout(doubt)
      doubt = undefined
      say({ kind: 'state', state: 'live' })
      // Without a cursor nobody can tell what happened since the answers on screen were read.
      if (from === '') {
        if (missedSome) say({ kind: 'reset' })
        else refreshOlder(Date.now())
      }
      missedSome = false
      cursor = event.lastEventId || cursor
    })
    source.addEventListener('change', (event) => {
      cursor = event.lastEventId || cursor
      say({ kind: 'change', change: JSON.parse(event.data) as Change })
    })
    source.addEventListener('reset', (event) => {
      cursor = event.lastEventId || cursor
      say({ kind: 'reset' })
    })
    source.addEventListener('error', () => {
      missedSome = true
      doubtSoon()
      if (source?.readyState !== EventSource.CLOSED) return
      window.clearTimeout(retry)
      retry = window.setTimeout(open, RETRY_MS)
    })
  }
  const reopen = (): void => {
    missedSome = true
    open()
  }
  let beatAt = Date.now()
  const beat = window.setInterval(() => {
    if (Date.now() - beatAt > SLEPT_MS) reopen()
    beatAt = Date.now()
  }, 10_000)
  window.addEventListener('online', reopen)
  window.addEventListener('offline', doubtSoon)
  open()
  return () => {
    source?.close()
    window.clearTimeout(retry)
    window.clearTimeout(doubt)
    window.clearInterval(beat)
    window.removeEventListener('online', reopen)
    window.removeEventListener('offline', doubtSoon)
  }
}

/**
 * Starts listening, or following the tab that does; returns how to stop.
 * @param place where in the feed the answers that came with the page were read, if any did
 */
export const followChanges = (place = ''): (() => void) => {
  const channel = new BroadcastChannel('fortnight.live')
  let leads = false
  let stopListening: (() => void) | undefined
  let stopped = false
  let letGo: (() => void) | undefined
  const tell = (word: Word): void => {
    // A BroadcastChannel has no other origin to tell.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    if (!stopped) channel.postMessage(word)
  }
  channel.addEventListener('message', ({ data }: MessageEvent<Word>) => {
    if (data.kind === 'who-leads') {
      if (leads) tell({ kind: 'state', state })
    } else if (!leads) take(data)
  })
  const lead = (): void => {
    leads = true
    stopListening = listen(tell, state !== 'connecting', place)
  }
  // Without locks (plain http on a network) each tab listens for itself.
  if (!navigator.locks) lead()
  else {
    tell({ kind: 'who-leads' })
    void navigator.locks.request('fortnight.live', () => {
      if (stopped) return
      lead()
      return new Promise<void>((resolve) => {
        letGo = resolve
      })
    })
  }
  return () => {
    stopped = true
    stopListening?.()
    letGo?.()
    channel.close()
  }
}
