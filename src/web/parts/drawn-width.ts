/** The width of what is drawn to the pixel: measured in a browser, guessed where there is none. */
import { createContext, useContext, useLayoutEffect, useRef, useState, type RefObject } from 'react'

/** A guess to draw with until there is a measure, in pixels; 0: draw nothing yet. */
export const WidthContext = createContext(0)

/** @returns what to give the box that is measured, its width, and whether that is a measure or a guess. */
export const useDrawnWidth = (): {
  readonly box: RefObject<HTMLElement | null>
  readonly width: number
  readonly measured: boolean
} => {
  const box = useRef<HTMLElement>(null)
  const guess = useContext(WidthContext)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    setWidth(element.clientWidth)
    const watch = new ResizeObserver(() => setWidth(element.clientWidth))
    watch.observe(element)
    return () => watch.disconnect()
  }, [])
  return { box, width: width || guess, measured: width > 0 }
}
