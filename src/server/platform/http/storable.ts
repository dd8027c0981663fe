/** What PostgreSQL or canonical JSON would choke on is refused at the door, with the place where it stands. */
import type { FieldFault } from '../faults.ts'

/** Canonical JSON of evidence allows 64; a body is put a few levels deep into it. */
export const DEEPEST = 32
const MOST_FAULTS = 50

const faultOfText = (text: string): string | undefined => {
  if (text.includes('\u0000')) return 'contains a NUL character, which cannot be stored'
  if (!text.isWellFormed()) return 'contains half a character (a lone surrogate), which cannot be stored'
  return undefined
}

const faultOf = (value: unknown): string | undefined => {
  if (typeof value === 'string') return faultOfText(value)
  if (typeof value === 'number' && !Number.isFinite(value)) return 'is a number beyond what JSON can carry'
  return undefined
}

/** Where a value stands, written out only when there is something to say about it. */
type Place = { readonly name: string; readonly within?: Place }
const pathOf = ({ name, within }: Place): string => (within ? `${pathOf(within)}.${name}` : name)

/** A list or object that is being walked, and how far. */
type Walk = {
  readonly value: object
  readonly names: readonly string[] | undefined
  readonly place: Place
  next: number
}
const walkOf = (value: object, place: Place): Walk => ({
  value,
  names: Array.isArray(value) ? undefined : Object.keys(value),
  place,
  next: 0,
})

const isContainer = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)

/** The next name and value; undefined at the end. */
const step = (walk: Walk): { readonly name: string | number; readonly value: unknown } | undefined => {
  const { value, names } = walk
  const at = walk.next++
  if (names) {
    const name = names[at]
    return name === undefined ? undefined : { name, value: (value as Record<string, unknown>)[name] }
  }
  const list = value as readonly unknown[]
  return at < list.length ? { name: at, value: list[at] } : undefined
}

const faultOfName = (name: string | number): string | undefined => {
  if (typeof name === 'number') return undefined
  return name === '__proto__' ? 'is __proto__, which no request needs' : faultOfText(name)
}

/**
 * Walks parsed input without recursion, so that nesting cannot exhaust the stack, and keeps nothing but the way down to
 * where it is: eight megabytes of small numbers are four million values. Bytes are not looked into.
 */
export const unstorableIn = (part: string, input: unknown): FieldFault[] => {
  const root = { name: part }
  if (!isContainer(input)) {
    const detail = faultOf(input)
    return detail === undefined ? [] : [{ path: part, detail }]
  }
  const faults: FieldFault[] = []
  const way: Walk[] = [walkOf(input, root)]
  for (let walk = way.at(-1); walk && faults.length < MOST_FAULTS; walk = way.at(-1)) {
    if (way.length > DEEPEST)
      return [...faults, { path: part, detail: `is nested deeper than ${DEEPEST} levels` }]
    const found = step(walk)
    if (!found) {
      way.pop()
      continue
    }
    const badName = faultOfName(found.name)
    if (badName) faults.push({ path: pathOf(walk.place), detail: `has a field whose name ${badName}` })
    const detail = faultOf(found.value)
    const container = isContainer(found.value)
    if (!detail && !container) continue
    const place = badName ? walk.place : { name: String(found.name), within: walk.place }
    if (detail) faults.push({ path: pathOf(place), detail })
    if (container) way.push(walkOf(found.value as object, place))
  }
  return faults
}
