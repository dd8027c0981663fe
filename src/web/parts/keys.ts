/** Single keys and sequences: views bind them while they are on screen, `?` lists what is bound. */
import { useEffect, useRef } from 'react'

export type KeyBinding = {
  /** `j`, `enter`, `mod+k`, or a sequence `g a`. */
  readonly keys: string
  readonly label: string
  readonly group?: string
  readonly run: (event: KeyboardEvent) => void
  /** Works inside text fields too; only for combinations with mod. */
  readonly everywhere?: boolean
}

type Layer = { bindings: readonly KeyBinding[] }
/** The last mounted layer is asked first: a view's key beats the frame's. */
const layers: Layer[] = []
const SEQUENCE_MS = 1200
let prefix = ''
let prefixAt = 0

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
  // Nothing is typed into a box to tick.
  !(target instanceof HTMLInputElement && target.type === 'checkbox')

const nameOf = (event: KeyboardEvent): string => {
  const key = event.key === ' ' ? 'space' : event.key.toLowerCase()
  return event.metaKey || event.ctrlKey ? `mod+${key}` : key
}

const find = (keys: string): KeyBinding | undefined => {
  for (const layer of layers.toReversed()) {
    const found = layer.bindings.find((binding) => binding.keys === keys)
    if (found) return found
  }
  return undefined
}

const startsSequence = (key: string): boolean =>
  layers.some((layer) => layer.bindings.some((binding) => binding.keys.startsWith(`${key} `)))

const onKey = (event: KeyboardEvent): void => {
  if (event.defaultPrevented || event.isComposing || event.altKey || (event.repeat && event.key === 'g'))
    return
  const key = nameOf(event)
  const typing = isTyping(event.target)
  if (prefix && event.timeStamp - prefixAt > SEQUENCE_MS) prefix = ''
  const binding = find(prefix ? `${prefix} ${key}` : key)
  const waited = prefix !== ''
  prefix = ''
  // A dialog owns the keyboard; its own fields and buttons get the keys.
  const inDialog = document.querySelector('[role="dialog"],[role="alertdialog"]') !== null
  if (binding && (binding.everywhere || (!typing && !inDialog))) {
    event.preventDefault()
    binding.run(event)
    return
  }
  if (!typing && !inDialog && !waited && !key.startsWith('mod+') && startsSequence(key)) {
    prefix = key
    prefixAt = event.timeStamp
  }
}

/** @param frame they hold everywhere, below those of any view: on a first load the frame mounts last */
export const useKeys = (bindings: readonly KeyBinding[], { frame = false } = {}): void => {
  const layer = useRef<Layer>({ bindings })
  // Bindings close over the newest render; the layer itself keeps its place.
  useEffect(() => {
    layer.current.bindings = bindings
  })
  useEffect(() => {
    const mine = layer.current
    if (layers.length === 0) window.addEventListener('keydown', onKey)
    if (frame) layers.unshift(mine)
    else layers.push(mine)
    return () => {
      layers.splice(layers.indexOf(mine), 1)
      if (layers.length === 0) window.removeEventListener('keydown', onKey)
    }
  }, [frame])
}

/** What is bound at this moment, the nearest first, each key once. */
export const boundKeys = (): readonly KeyBinding[] => {
  const seen = new Set<string>()
  return layers
    .toReversed()
    .flatMap((layer) => layer.bindings)
    .filter((binding) => !seen.has(binding.keys) && seen.add(binding.keys))
}
