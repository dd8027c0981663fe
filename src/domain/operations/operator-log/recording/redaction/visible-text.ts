/** What a terminal would show of some output, with the way back: secrets are searched in what is seen, cut in what is stored. */

export type VisibleText = {
  readonly text: string
  /** Offset in the original of the visible character at `offset` (or of the end). */
  readonly rawOffset: (offset: number) => number
  /** Control strings that carry text of their own: titles, hyperlinks, clipboard writes. */
  readonly payloads: readonly Payload[]
}

/** `from`..`to` is the whole control string in the original; `text` is what it carries. */
export type Payload = { readonly from: number; readonly to: number; readonly text: string }

/**
 * Everything a terminal swallows: CSI (also the one-character U+009B), OSC, DCS/SOS/PM/APC strings, charset and single
 * escapes, control characters, and the space + CR with which readline wraps a long line at the screen's edge.
 * A string that is not closed before the end of the line is *not* swallowed: its text is searched like any other, so
 * that an unfinished `ESC ]` hides nothing.
 */
const INVISIBLE =
  // oxlint-disable-next-line no-control-regex
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b\n]*(?:\x07|\x1b\\)|\x1b[PX^_][^\x1b\n]*\x1b\\|\x1b[ -/]+[0-~]|\x1b[0-OQ-WYZ\\`-~]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]| \r(?![\n\r])/g

// oxlint-disable-next-line no-control-regex
const MAYBE_INVISIBLE = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x9b]| \r(?![\n\r])/

/** The escapes worth keeping when the text around them is cut out: colours and cursor moves, which carry no text. */
// oxlint-disable-next-line no-control-regex
const KEPT_ESCAPE = /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b[ -/]+[0-~]/g

/** U+009B never needs the slow path to be found by `[\x00-\x1f]`, hence its own place in both expressions. */
export const visibleText = (raw: string): VisibleText => {
  if (!MAYBE_INVISIBLE.test(raw)) return { text: raw, rawOffset: (offset) => offset, payloads: [] }
  const pieces: string[] = []
  const visibleStarts: number[] = []
  const rawStarts: number[] = []
  const payloads: Payload[] = []
  let visibleLength = 0
  let from = 0
  const keep = (to: number): void => {
    if (to <= from) return
    pieces.push(raw.slice(from, to))
    visibleStarts.push(visibleLength)
    rawStarts.push(from)
    visibleLength += to - from
  }
  for (const match of raw.matchAll(INVISIBLE)) {
    keep(match.index)
    from = match.index + match[0].length
    const second = match[0][1]
    if (match[0].length > 4 && second !== undefined && ']PX^_'.includes(second) && match[0][0] === '\x1b') {
      payloads.push({ from: match.index, to: from, text: match[0].slice(2) })
    }
  }
  keep(raw.length)
  return {
    text: pieces.join(''),
    rawOffset: (offset) => toRaw(offset, visibleLength, raw.length, visibleStarts, rawStarts),
    payloads,
  }
}

/** Colours and cursor moves inside `raw`, so that cutting a secret does not leave the rest of the screen red. */
export const keptEscapes = (raw: string): string => raw.match(KEPT_ESCAPE)?.join('') ?? ''

const toRaw = (
  offset: number,
  visibleLength: number,
  rawLength: number,
  visibleStarts: readonly number[],
  rawStarts: readonly number[],
): number => {
  if (offset >= visibleLength) return rawLength
  let low = 0
  let high = visibleStarts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (visibleStarts[middle]! <= offset) low = middle
    else high = middle - 1
  }
  return rawStarts[low]! + (offset - visibleStarts[low]!)
}
