/** Whether waits are shortened while watching: a habit of the person, kept in this browser. */
import { useState } from 'react'

const KEY = 'fortnight.skip-idle'
export const MOST_IDLE_SECONDS = 2

const stored = (): boolean => {
  try {
    return localStorage.getItem(KEY) !== 'no'
  } catch {
    return true
  }
}

export const useSkipIdle = () => {
  const [skips, setSkips] = useState(stored)
  return {
    skips,
    setSkips: (next: boolean): void => {
      setSkips(next)
      try {
        localStorage.setItem(KEY, next ? 'yes' : 'no')
      } catch {
        // Storage may be forbidden; the choice then lasts until the page is closed.
      }
    },
  }
}
