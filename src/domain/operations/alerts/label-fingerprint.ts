/** The fingerprint of a label set, for senders that leave it out: the same value Prometheus itself would compute. */

const separator = 0xff
/** FNV-1a's 64-bit prime is 2^40 + 0x1b3. */
const primeLow = 0x1b3
const two32 = 0x1_0000_0000

/** Two halves of 32 bits: numbers do it twenty times faster than BigInt. */
type Sum = { high: number; low: number }

const addByte = (sum: Sum, byte: number): void => {
  const mixed = (sum.low ^ byte) >>> 0
  const product = mixed * primeLow
  sum.high = (Math.imul(sum.high, primeLow) + Math.floor(product / two32) + (mixed << 8)) >>> 0
  sum.low = product >>> 0
}

/** UTF-8 without TextEncoder, which a pure rule does not have; half a surrogate pair counts as U+FFFD. */
const addText = (sum: Sum, text: string): void => {
  for (const character of text.toWellFormed()) {
    const code = character.codePointAt(0)!
    if (code < 0x80) addByte(sum, code)
    else {
      const tails = code < 0x800 ? 1 : code < 0x1_0000 ? 2 : 3
      const lead = [0, 0xc0, 0xe0, 0xf0][tails]!
      addByte(sum, lead | (code >>> (6 * tails)))
      for (let tail = tails - 1; tail >= 0; tail -= 1) addByte(sum, 0x80 | ((code >>> (6 * tail)) & 0x3f))
    }
  }
}

/** Go sorts strings by their bytes, which is by code point and not by UTF-16 unit. */
const byCodePoint = (a: string, b: string): number => {
  const [left, right] = [[...a.toWellFormed()], [...b.toWellFormed()]]
  const differs = left.findIndex((character, i) => character !== right[i])
  if (differs < 0) return left.length - right.length
  return left[differs]!.codePointAt(0)! - (right[differs]?.codePointAt(0) ?? -1)
}

const hex = (half: number): string => half.toString(16).padStart(8, '0')

/** FNV-1a, 64 bits, over sorted names and values, each followed by 0xff (prometheus/common, LabelSet.Fingerprint). */
export const labelFingerprint = (labels: Readonly<Record<string, string>>): string => {
  const sum: Sum = { high: 0xcbf29ce4, low: 0x84222325 }
  for (const name of Object.keys(labels).sort(byCodePoint)) {
    addText(sum, name)
    addByte(sum, separator)
    addText(sum, labels[name]!)
    addByte(sum, separator)
  }
  return hex(sum.high) + hex(sum.low)
}
