/** Byte work the ledger needs and the language lacks: joining, comparing, UTF-8, hexadecimal, big-endian integers. */

/**
 * SHA-256, handed in by whoever runs the rules (node:crypto on servers and in the verifier, WebCrypto's like in a
 * page), because a rule imports no library.
 */
export type Sha256 = (bytes: Uint8Array) => Uint8Array

export const HASH_BYTES = 32

// Both are part of every runtime we support, but of no ECMAScript lib file: the rules are compiled without a DOM.
declare const TextEncoder: new () => { encode(text: string): Uint8Array }
declare const TextDecoder: new (
  label: string,
  options: { fatal: boolean; ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string }

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Lone surrogates become U+FFFD here; callers that hash text refuse them before. */
export const utf8 = (text: string): Uint8Array => encoder.encode(text)

/** The text of well-formed UTF-8 (a byte order mark is kept as a character), or undefined. */
export function textOfUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

/** Takes a list rather than arguments: a pack joins more parts than a call may have arguments. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  const joined = new Uint8Array(length)
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

/** Not constant time: everything compared in the ledger is public. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

const hexPairs: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
)

export function hexOf(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += hexPairs[byte]
  return text
}

/** Lower-case hexadecimal only; undefined for anything else. */
export function bytesOfHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) return undefined
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16)
  return bytes
}

/** @param value a safe, non-negative integer */
export function uint64Of(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError('not an unsigned safe integer')
  const bytes = new Uint8Array(8)
  let rest = value
  for (let i = 7; i >= 0; i--) {
    bytes[i] = rest % 256
    rest = Math.floor(rest / 256)
  }
  return bytes
}

/** Undefined when there are not 8 bytes, or the number is beyond 2^53-1. */
export function numberOfUint64(bytes: Uint8Array): number | undefined {
  if (bytes.length !== 8) return undefined
  let value = 0
  for (const byte of bytes) value = value * 256 + byte
  return Number.isSafeInteger(value) ? value : undefined
}
