/** Questions about parsed JSON of unknown origin: does it have the members the pack format asks for, and no others? */

import { parseCanonicalJson, textOfUtf8 } from '../ledger/index.ts'
import type { JsonValue } from '../ledger/index.ts'

export const isText = (value: unknown): value is string => typeof value === 'string'

export const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0

export const isListOf = <Element>(
  value: unknown,
  isElement: (element: unknown) => element is Element,
): value is readonly Element[] => Array.isArray(value) && value.every((element) => isElement(element))

/** An object with all of `required`, perhaps some of `optional`, and nothing else. */
export function hasExactly<Name extends string>(
  value: unknown,
  required: readonly Name[],
  optional: readonly string[] = [],
): value is Record<Name, unknown> & Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  if (!required.every((name) => Object.hasOwn(value, name))) return false
  return Object.keys(value).every(
    (name) => (required as readonly string[]).includes(name) || optional.includes(name),
  )
}

/** Undefined unless the bytes are the canonical JSON of one value. */
export function readCanonical(bytes: Uint8Array): { readonly value: JsonValue } | undefined {
  const text = textOfUtf8(bytes)
  if (text === undefined) return undefined
  try {
    return { value: parseCanonicalJson(text) }
  } catch {
    return undefined
  }
}

/** A line that is not canonical JSON comes back as undefined; so does all that follows a missing last newline. */
export function readLines(bytes: Uint8Array): readonly (JsonValue | undefined)[] {
  if (bytes.length === 0) return []
  const text = textOfUtf8(bytes)
  if (text === undefined || !text.endsWith('\n')) return [undefined]
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => {
      try {
        return parseCanonicalJson(line)
      } catch {
        return undefined
      }
    })
}
