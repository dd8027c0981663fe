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

/** Walks parsed input without recursion, so that nesting cannot exhaust the stack. Bytes are not looked into. */
export const unstorableIn = (part: string, input: unknown): FieldFault[] => {
  const faults: FieldFault[] = []
  const waiting: { path: string; value: unknown; depth: number }[] = [{ path: part, value: input, depth: 0 }]
  for (let next = waiting.pop(); next && faults.length < MOST_FAULTS; next = waiting.pop()) {
    const { path, value, depth } = next
    const detail = faultOf(value)
    if (detail) faults.push({ path, detail })
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) continue
    if (depth === DEEPEST) {
      faults.push({ path: part, detail: `is nested deeper than ${DEEPEST} levels` })
      break
    }
    for (const [name, inner] of Object.entries(value)) {
      const badName = name === '__proto__' ? 'is __proto__, which no request needs' : faultOfText(name)
      if (badName) faults.push({ path, detail: `has a field whose name ${badName}` })
      waiting.push({ path: badName ? path : `${path}.${name}`, value: inner, depth: depth + 1 })
    }
  }
  return faults
}
