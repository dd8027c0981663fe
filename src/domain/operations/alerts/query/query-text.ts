/** The text of a question cut into its pieces, each with its place. Nothing is thrown away: what fits nothing is a piece, too. */
import type { Comparison } from './query.ts'

export type Piece = { readonly from: number; readonly to: number } & (
  | { readonly kind: 'open' | 'close' | 'and' | 'or' | 'not' | 'end' }
  /** `priority <=`; `label` is set for `label.name` and `details.name`. `op` is ':' where a value alone follows. */
  | {
      readonly kind: 'field'
      readonly name: string
      readonly label: string | undefined
      readonly op: ':' | Comparison
    }
  | { readonly kind: 'word'; readonly text: string; readonly quoted: boolean }
  | { readonly kind: 'range'; readonly low: string; readonly high: string; readonly ends: string }
  | { readonly kind: 'wrong'; readonly detail: string }
)

const space = /\s*/y
const fieldAndOp =
  /(?:(label|details)\.(?:"((?:[^"\\]|\\.)*)"|([^\s:=<>()"]+))|(?!(?:AND|OR|NOT)\b)([A-Za-z_][\w.-]*))\s*(<=|>=|:\s*<=|:\s*>=|:\s*<|:\s*>|:|=|<|>)/y
const quoted = /"((?:[^"\\]|\\.)*)"/y
const range = /([[{])\s*([^\s\]}]+)\s+TO\s+([^\s\]}]+)\s*([\]}])/y
const word = /[^\s()"]+/y

const unescape = (text: string): string => text.replace(/\\(.)/gs, '$1')
/** A map: the word `constructor` is no operator. */
const operators = new Map<string, 'and' | 'or' | 'not'>([
  ['AND', 'and'],
  ['OR', 'or'],
  ['NOT', 'not'],
  ['&&', 'and'],
  ['||', 'or'],
])

const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at
  return pattern.exec(text)
}

/** @param afterField the piece before is a field: whatever comes is its value */
const pieceAt = (text: string, from: number, afterField: boolean): Piece => {
  const letter = text[from]
  if (letter === undefined) return { kind: 'end', from, to: from }
  if (letter === '(') return { kind: 'open', from, to: from + 1 }
  if (letter === ')') return { kind: 'close', from, to: from + 1 }
  const text_ = matchAt(quoted, text, from)
  if (text_)
    return { kind: 'word', text: unescape(text_[1] ?? ''), quoted: true, from, to: from + text_[0].length }
  if (letter === '"')
    return { kind: 'wrong', detail: 'The quote that begins here has no end.', from, to: text.length }
  if (afterField) {
    const found = matchAt(range, text, from)
    if (found) {
      const [all, begin = '', low = '', high = '', end = ''] = found
      return { kind: 'range', low, high, ends: begin + end, from, to: from + all.length }
    }
  } else {
    if (letter === '-' || letter === '!') {
      const next = text[from + 1]
      if (next !== undefined && !/\s/.test(next)) return { kind: 'not', from, to: from + 1 }
    }
    const field = matchAt(fieldAndOp, text, from)
    if (field) {
      const [all, prefix, quotedName, plainName, name, op = ':'] = field
      const told = op.replace(/^:\s*/, '')
      const label = quotedName === undefined ? plainName : unescape(quotedName)
      return {
        kind: 'field',
        name: name ?? `${prefix}.${label}`,
        label: prefix ? label : undefined,
        op: (told === '' ? ':' : told) as ':' | Comparison,
        from,
        to: from + all.length,
      }
    }
  }
  const [found = letter] = matchAt(word, text, from) ?? []
  const to = from + found.length
  const kind = afterField ? undefined : operators.get(found)
  return kind ? { kind, from, to } : { kind: 'word', text: found, quoted: false, from, to }
}

export const piecesOf = (text: string): readonly Piece[] => {
  const pieces: Piece[] = []
  let at = 0
  for (;;) {
    at += matchAt(space, text, at)?.[0].length ?? 0
    const piece = pieceAt(text, at, pieces.at(-1)?.kind === 'field')
    pieces.push(piece)
    if (piece.kind === 'end' || piece.kind === 'wrong') return pieces
    at = piece.to
  }
}
