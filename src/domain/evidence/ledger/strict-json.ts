/** A JSON reader for text that will be hashed or believed: what two readers could understand differently is refused. */

import { canonicalJson, MAX_JSON_DEPTH } from './jcs.ts'
import type { JsonValue } from './jcs.ts'

export type JsonLimits = {
  /** UTF-16 code units of the whole text. */
  readonly maxLength?: number
  /** Brackets within brackets; at most, and unless said otherwise, 64. */
  readonly maxDepth?: number
}

const DEFAULT_MAX_LENGTH = 32 * 1024 * 1024

type Reader = { readonly text: string; readonly maxDepth: number; at: number }

/**
 * Parses I-JSON (RFC 7493): duplicate names, lone surrogates, -0, numbers that a double cannot hold exactly enough
 * (overflow, integers beyond 2^53-1) and trailing text are refused, and so is a byte order mark. Every value it
 * returns can be written by `canonicalJson`.
 *
 * @throws SyntaxError that names the place; its text never repeats the input
 */
export function parseStrictJson(text: string, limits: JsonLimits = {}): JsonValue {
  if (text.length > (limits.maxLength ?? DEFAULT_MAX_LENGTH)) throw new SyntaxError('JSON text is too long')
  const reader: Reader = {
    text,
    maxDepth: Math.min(limits.maxDepth ?? MAX_JSON_DEPTH, MAX_JSON_DEPTH),
    at: 0,
  }
  skipSpace(reader)
  const value = readValue(reader, 0)
  skipSpace(reader)
  if (reader.at !== text.length) fail(reader, 'text after the value')
  return value
}

/**
 * Parses text that must be exactly the RFC 8785 form of its value: the shape of leaves, disclosures and manifests.
 *
 * @throws SyntaxError
 */
export function parseCanonicalJson(text: string, limits: JsonLimits = {}): JsonValue {
  const value = parseStrictJson(text, limits)
  if (canonicalJson(value) !== text) throw new SyntaxError('JSON is not in canonical form (RFC 8785)')
  return value
}

function fail(reader: Reader, what: string): never {
  throw new SyntaxError(`${what} at character ${reader.at}`)
}

function skipSpace(reader: Reader): void {
  for (;;) {
    const code = reader.text.charCodeAt(reader.at)
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return
    reader.at++
  }
}

function readValue(reader: Reader, depth: number): JsonValue {
  const first = reader.text.charAt(reader.at)
  if ((first === '{' || first === '[') && depth >= reader.maxDepth) fail(reader, 'value nested too deeply')
  switch (first) {
    case '{':
      return readObject(reader, depth)
    case '[':
      return readList(reader, depth)
    case '"':
      return readText(reader)
    case 't':
      return readWord(reader, 'true', true)
    case 'f':
      return readWord(reader, 'false', false)
    case 'n':
      return readWord(reader, 'null', null)
    default:
      return readNumber(reader)
  }
}

function readWord<Value extends JsonValue>(reader: Reader, word: string, value: Value): Value {
  if (!reader.text.startsWith(word, reader.at)) fail(reader, 'unknown word')
  reader.at += word.length
  return value
}

function readList(reader: Reader, depth: number): JsonValue {
  const values: JsonValue[] = []
  reader.at++
  skipSpace(reader)
  if (take(reader, ']')) return values
  for (;;) {
    skipSpace(reader)
    values.push(readValue(reader, depth + 1))
    skipSpace(reader)
    if (take(reader, ']')) return values
    if (!take(reader, ',')) fail(reader, 'expected , or ]')
  }
}

function readObject(reader: Reader, depth: number): JsonValue {
  const object: Record<string, JsonValue> = {}
  reader.at++
  skipSpace(reader)
  if (take(reader, '}')) return object
  for (;;) {
    skipSpace(reader)
    if (reader.text.charAt(reader.at) !== '"') fail(reader, 'expected a name')
    const name = readText(reader)
    if (Object.hasOwn(object, name)) fail(reader, 'name used twice')
    skipSpace(reader)
    if (!take(reader, ':')) fail(reader, 'expected :')
    skipSpace(reader)
    const value = readValue(reader, depth + 1)
    // An assignment to __proto__ would vanish instead of naming a member.
    Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true })
    skipSpace(reader)
    if (take(reader, '}')) return object
    if (!take(reader, ',')) fail(reader, 'expected , or }')
  }
}

function take(reader: Reader, character: string): boolean {
  if (reader.text.charAt(reader.at) !== character) return false
  reader.at++
  return true
}

const numberShape = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y

function readNumber(reader: Reader): number {
  numberShape.lastIndex = reader.at
  const written = numberShape.exec(reader.text)?.[0]
  if (written === undefined) fail(reader, 'expected a value')
  const value = Number(written)
  if (!Number.isFinite(value)) fail(reader, 'number out of range')
  if (Object.is(value, -0)) fail(reader, '-0')
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) fail(reader, 'integer beyond 2^53-1')
  reader.at += written.length
  return value
}

// oxlint-disable-next-line no-control-regex -- RFC 8259 section 7 names exactly these as what must be escaped
const plainShape = /[^"\\\u0000-\u001f]*/y
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

function readText(reader: Reader): string {
  let text = ''
  reader.at++
  for (;;) {
    plainShape.lastIndex = reader.at
    const plain = plainShape.exec(reader.text)?.[0] ?? ''
    text += plain
    reader.at += plain.length
    if (take(reader, '"')) break
    if (!take(reader, '\\')) fail(reader, 'text not closed, or control character in it')
    text += readEscape(reader)
  }
  if (!text.isWellFormed()) fail(reader, 'lone surrogate')
  return text
}

function readEscape(reader: Reader): string {
  const character = reader.text.charAt(reader.at)
  if (character === 'u') {
    const hex = reader.text.slice(reader.at + 1, reader.at + 5)
    if (!/^[0-9a-fA-F]{4}$/.test(hex)) fail(reader, 'bad \\u escape')
    reader.at += 5
    return String.fromCharCode(Number.parseInt(hex, 16))
  }
  const plain = Object.hasOwn(escapes, character) ? escapes[character] : undefined
  if (plain === undefined) fail(reader, 'unknown escape')
  reader.at++
  return plain
}
