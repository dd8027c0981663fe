/** The fingerprint of a label set, for senders that leave it out: the same value Prometheus itself would compute. */

const OFFSET = 0xcbf29ce484222325n
const PRIME = 0x100000001b3n
const MASK = 0xffffffffffffffffn
const SEPARATOR = 0xff

/** UTF-8 without TextEncoder, which a pure rule does not have. */
const utf8 = (text: string): number[] =>
  [...encodeURIComponent(text.toWellFormed()).matchAll(/%([0-9A-F]{2})|(.)/g)].map(([, hex, char]) =>
    hex === undefined ? (char as string).charCodeAt(0) : Number.parseInt(hex, 16),
  )

/** FNV-1a, 64 bits, over sorted names and values, each followed by 0xff (prometheus/common, LabelSet.Fingerprint). */
export const labelFingerprint = (labels: Readonly<Record<string, string>>): string => {
  let sum = OFFSET
  const add = (byte: number): void => {
    sum = ((sum ^ BigInt(byte)) * PRIME) & MASK
  }
  for (const name of Object.keys(labels).sort()) {
    for (const text of [name, labels[name] as string]) {
      utf8(text).forEach(add)
      add(SEPARATOR)
    }
  }
  return sum.toString(16).padStart(16, '0')
}
