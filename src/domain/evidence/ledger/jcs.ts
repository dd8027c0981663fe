/** One byte string for one JSON value (RFC 8785), so that a hash of JSON means something. */

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue }

/** Brackets within brackets; more are refused: nobody writes them on purpose, and a cycle would never end. */
export const MAX_JSON_DEPTH = 64

/**
 * The ledger's canonical JSON: RFC 8785 of values every JSON reader agrees on. Text is taken as it comes: whoever
 * accepts it from a person normalises it to NFC first.
 *
 * @throws TypeError on what RFC 8785 cannot express (undefined, functions, NaN, infinities, lone surrogates, objects
 *   that are not plain) and on what readers disagree about (-0, integers beyond 2^53-1: write those as strings).
 */
export const canonicalJson = (value: unknown): string => write(value, 0, interoperableNumber)

/** RFC 8785 to the letter, for bytes that others define: any finite number, -0 written as 0. */
export const rfc8785Json = (value: unknown): string => write(value, 0, finiteNumber)

function finiteNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError('canonical JSON has no NaN and no infinity')
  return String(value)
}

function interoperableNumber(value: number): string {
  if (Object.is(value, -0)) throw new TypeError('canonical JSON refuses -0: readers disagree about it')
  if (Number.isInteger(value) && !Number.isSafeInteger(value))
    throw new TypeError('canonical JSON refuses integers beyond 2^53-1: write them as strings')
  return finiteNumber(value)
}

function write(value: unknown, depth: number, number: (value: number) => string): string {
  switch (typeof value) {
    case 'string':
      return text(value)
    case 'number':
      return number(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object': {
      if (value === null) return 'null'
      if (depth >= MAX_JSON_DEPTH) throw new TypeError('canonical JSON refuses values nested deeper than 64')
      return Array.isArray(value) ? list(value, depth, number) : object(value, depth, number)
    }
    default:
      throw new TypeError(`canonical JSON has no ${typeof value}`)
  }
}

/** JSON.stringify escapes well-formed text as RFC 8785 3.2.2.2 wants it. */
function text(value: string): string {
  if (!value.isWellFormed()) throw new TypeError('canonical JSON refuses lone surrogates')
  return JSON.stringify(value)
}

function list(value: readonly unknown[], depth: number, number: (value: number) => string): string {
  let written = '['
  for (let i = 0; i < value.length; i++) {
    if (i > 0) written += ','
    written += write(value[i], depth + 1, number)
  }
  return `${written}]`
}

function object(value: object, depth: number, number: (value: number) => string): string {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null)
    throw new TypeError('canonical JSON takes plain objects only')
  // The default sort compares UTF-16 code units, as RFC 8785 3.2.3 does.
  const names = Object.keys(value).sort()
  let written = '{'
  for (const [i, name] of names.entries()) {
    if (i > 0) written += ','
    written += `${text(name)}:${write((value as Record<string, unknown>)[name], depth + 1, number)}`
  }
  return `${written}}`
}
