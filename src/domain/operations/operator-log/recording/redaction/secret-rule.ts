/** The shape of a redaction rule, and the one place where rules are put to a line of visible text. */

export type SecretRule = {
  /** Appears in the replacement, `‹redacted:name#n›`, and in the counts. */
  readonly name: string
  /** Lower-case; a line that holds none of them cannot match. Keeps the cost of quiet output near a single scan. */
  readonly keywords: readonly string[]
  /**
   * Flags `gd` (and `i` where wanted). The first group that took part is the secret, or the whole match without one.
   * Linear in the line: no nested repetition, since the text is hostile.
   */
  readonly pattern: RegExp
  /** What only the terminal shows; in a command line the same signs mean something else. */
  readonly inOutputOnly?: true
}

/** Half-open offsets in the text that was searched. */
export type SecretSpan = {
  readonly from: number
  readonly to: number
  readonly rule: string
  /** Where the words begin that gave it away; at most `from`. */
  readonly contextFrom: number
}

export type SecretSearch = {
  /** Spans in order, without overlap, in a text of any number of lines. */
  readonly find: (text: string) => readonly SecretSpan[]
}

/** `known` are exact values that must never appear; an exact match beats every pattern. */
export const openSecretSearch = (rules: readonly SecretRule[], known: readonly string[]): SecretSearch => {
  const keywords = [...new Set(rules.flatMap((rule) => rule.keywords))]
  const keywordPattern = new RegExp(keywords.map(escapePattern).join('|'), 'g')
  const knownPattern = known.length === 0 ? null : exactPattern(known)
  return {
    find: (text) => {
      const spans: SecretSpan[] = []
      if (knownPattern !== null) {
        for (const match of text.matchAll(knownPattern)) {
          spans.push({
            from: match.index,
            to: match.index + match[0].length,
            rule: 'known-value',
            contextFrom: match.index,
          })
        }
      }
      for (const line of linesWithKeyword(text, keywordPattern)) findInLine(rules, line, spans)
      return withoutOverlap(spans)
    },
  }
}

type Line = { readonly from: number; readonly text: string; readonly lower: string }

/** Each line that holds a keyword, once. Lower-casing keeps offsets only while no character changes length. */
function* linesWithKeyword(text: string, keywordPattern: RegExp): Generator<Line> {
  const lower = lowerAscii(text)
  keywordPattern.lastIndex = 0
  for (;;) {
    const match = keywordPattern.exec(lower)
    if (match === null) return
    const from = lower.lastIndexOf('\n', match.index) + 1
    const end = lower.indexOf('\n', match.index)
    const to = end === -1 ? text.length : end
    yield { from, text: text.slice(from, to), lower: lower.slice(from, to) }
    keywordPattern.lastIndex = to
    if (to >= text.length) return
  }
}

/** `İ`.toLowerCase() is two characters: then only ASCII is lowered, which is all the keywords need. */
const lowerAscii = (text: string): string => {
  const lower = text.toLowerCase()
  return lower.length === text.length ? lower : text.replace(/[A-Z]+/g, (upper) => upper.toLowerCase())
}

const findInLine = (rules: readonly SecretRule[], line: Line, spans: SecretSpan[]): void => {
  for (const rule of rules) {
    if (!rule.keywords.some((keyword) => line.lower.includes(keyword))) continue
    for (const match of line.text.matchAll(rule.pattern)) {
      const [whole, ...groups] = match.indices ?? []
      const at = groups.find((group) => group !== undefined) ?? whole
      if (at === undefined || at[0] === at[1]) continue
      const from = line.from + at[0]
      spans.push({ from, to: line.from + at[1], rule: rule.name, contextFrom: line.from + match.index })
    }
  }
}

/** Overlapping spans become one under the first rule's name: a hole between two rules would leak the difference. */
const withoutOverlap = (spans: SecretSpan[]): readonly SecretSpan[] => {
  if (spans.length < 2) return spans
  spans.sort((a, b) => a.from - b.from || b.to - a.to)
  const merged: SecretSpan[] = []
  for (const span of spans) {
    const last = merged.at(-1)
    if (last !== undefined && span.from < last.to) {
      merged[merged.length - 1] = {
        ...last,
        to: Math.max(last.to, span.to),
        contextFrom: Math.min(last.contextFrom, span.contextFrom),
      }
    } else merged.push(span)
  }
  return merged
}

/** Longest first, so that a value that begins with another is taken whole. */
const exactPattern = (values: readonly string[]): RegExp =>
  new RegExp(
    [...values]
      .sort((a, b) => b.length - a.length)
      .map(escapePattern)
      .join('|'),
    'g',
  )

const escapePattern = (literal: string): string => literal.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
