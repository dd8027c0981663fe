/** Who reads: locale and zone for every date on screen, and a clock that ticks once for all of them. */
import { createContext, useContext, useSyncExternalStore } from 'react'
import type { Reader } from '../messages/format.ts'

export const ReaderContext = createContext<Reader>({ locale: 'en', zone: 'UTC' })
export const useReader = (): Reader => useContext(ReaderContext)

const TICK_MS = 15_000
const watchers = new Set<() => void>()
let now = Date.now()
let timer: number | undefined

const tick = (): void => {
  now = Date.now()
  for (const watcher of watchers) watcher()
}

const watch = (watcher: () => void): (() => void) => {
  if (watchers.size === 0) {
    now = Date.now()
    timer = window.setInterval(tick, TICK_MS)
  }
  watchers.add(watcher)
  return () => {
    watchers.delete(watcher)
    if (watchers.size === 0) window.clearInterval(timer)
  }
}

/** The time for relative texts, in epoch milliseconds, steady between ticks. */
export const useNow = (): number => useSyncExternalStore(watch, () => now, Date.now)
