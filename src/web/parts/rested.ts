/** A value once typing rests: what is asked of the server while somebody writes is asked when they pause. */
import { useEffect, useState } from 'react'

const REST_MS = 300

/** @param name the same for equal values, so that a new object of equal content starts no new wait */
export const useRested = <T>(value: T, name: string): { readonly value: T; readonly resting: boolean } => {
  const [rested, setRested] = useState({ value, name })
  useEffect(() => {
    if (rested.name === name) return
    const timer = window.setTimeout(() => setRested({ value, name }), REST_MS)
    return () => window.clearTimeout(timer)
  })
  return { value: rested.value, resting: rested.name === name }
}
