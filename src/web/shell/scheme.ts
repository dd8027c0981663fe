/** Light, dark or as the system says: kept in this browser, applied before the first paint by public/early.js. */
import { useSyncExternalStore } from 'react'

export type Scheme = 'system' | 'light' | 'dark'
const KEY = 'fortnight.scheme'
const watchers = new Set<() => void>()

const stored = (): Scheme => {
  const chosen = document.documentElement.dataset['scheme']
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system'
}

export const chooseScheme = (scheme: Scheme): void => {
  if (scheme === 'system') delete document.documentElement.dataset['scheme']
  else document.documentElement.dataset['scheme'] = scheme
  try {
    if (scheme === 'system') localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, scheme)
  } catch {
    // Storage may be forbidden; the choice then lasts until the page is closed.
  }
  for (const watcher of watchers) watcher()
}

export const nextScheme = (): void => {
  const order: readonly Scheme[] = ['system', 'light', 'dark']
  chooseScheme(order[(order.indexOf(stored()) + 1) % order.length]!)
}

export const useScheme = (): Scheme =>
  useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    stored,
    () => 'system',
  )
