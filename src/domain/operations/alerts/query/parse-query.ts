/**
 * The query language of alert lists, as OpsGenie's: `field:value`, AND, OR, NOT, brackets, quotes, comparisons, and
 * `[a TO b]`. Words without a field are looked for in name and message. Two terms side by side mean both.
 */
import { isRefusal } from '../../../refusal.ts'
import { fieldNamed, fields, nearestField, type FieldName } from './fields.ts'
import {
  and,
  DEEPEST_QUERY,
  LONGEST_QUERY,
  MOST_TERMS,
  not,
  notUnderstood,
  or,
  type Comparison,
  type Query,
  type QueryRefusal,
} from './query.ts'
import { piecesOf, type Piece } from './query-text.ts'
import { readTerm, readWanted } from './read-value.ts'

/** What a word means: of no field, of one of ours, or of a label. */
type Subject =
  | { readonly kind: 'text' }
  | { readonly kind: 'field'; readonly field: FieldName }
  | { readonly kind: 'label'; readonly name: string }

type Field = Extract<Piece, { kind: 'field' }>
type Reading = { readonly pieces: readonly Piece[]; at: number; terms: number; depth: number }
type Answer = Query | QueryRefusal

const here = (reading: Reading): Piece => reading.pieces[reading.at] as Piece
const no = (detail: string, { from, to }: Piece): QueryRefusal =>
  notUnderstood(`${detail} (at character ${from + 1})`, from, to)

const subjectOf = (piece: Field): Subject | QueryRefusal => {
  const field = fieldNamed(piece.name)
  if (field) return { kind: 'field', field }
  if (piece.label !== undefined) return { kind: 'label', name: piece.label }
  // `cluster=acme` looked for a label before there was a language; it still does.
  if (piece.op === '=') return { kind: 'label', name: piece.name }
  const meant = nearestField(piece.name)
  return no(
    meant
      ? `There is no field ${piece.name}. Did you mean ${meant}?`
      : `There is no field ${piece.name}. A label is asked for as label.${piece.name}; words with a colon stand in quotes.`,
    piece,
  )
}

const termOf = (
  reading: Reading,
  subject: Subject,
  op: Comparison,
  piece: Extract<Piece, { kind: 'word' }>,
): Answer => {
  reading.terms += 1
  if (reading.terms > MOST_TERMS) return no(`A query has at most ${MOST_TERMS} terms.`, piece)
  const wanted = readWanted(piece.text, piece.quoted)
  if (subject.kind === 'text') return { kind: 'words', field: 'text', wanted }
  if (subject.kind === 'label') {
    return op === '='
      ? { kind: 'label', name: subject.name, wanted }
      : no('A label has no order: write label.name:value.', piece)
  }
  const term = readTerm(subject.field, { op, text: piece.text, quoted: piece.quoted })
  return isRefusal(term) ? no(term.detail, piece) : term
}

/** `[a TO b]` holds its ends, `{a TO b}` does not, `*` is no end at all. */
const rangeOf = (reading: Reading, subject: Subject, piece: Extract<Piece, { kind: 'range' }>): Answer => {
  const side = (text: string, op: Comparison): Answer =>
    text === '*'
      ? { kind: 'all' }
      : termOf(reading, subject, op, { ...piece, kind: 'word', text, quoted: false })
  if (piece.low === '*' && piece.high === '*') return no('Name at least one end of the range.', piece)
  const low = side(piece.low, piece.ends.startsWith('[') ? '>=' : '>')
  if (isRefusal(low)) return low
  const high = side(piece.high, piece.ends.endsWith(']') ? '<=' : '<')
  return isRefusal(high) ? high : and(low, high)
}

const parseBrackets = (reading: Reading, subject: Subject, op: Comparison): Answer => {
  const opening = here(reading)
  reading.at += 1
  reading.depth += 1
  if (reading.depth > DEEPEST_QUERY) return no(`Brackets go at most ${DEEPEST_QUERY} deep.`, opening)
  const inside = parseOr(reading, subject, op)
  if (isRefusal(inside)) return inside
  if (here(reading).kind !== 'close') return no('The bracket that opens here is not closed.', opening)
  reading.at += 1
  reading.depth -= 1
  return inside
}

const parseValue = (reading: Reading, field: Field): Answer => {
  const subject = subjectOf(field)
  if (isRefusal(subject)) return subject
  const op = field.op === ':' ? '=' : field.op
  const piece = here(reading)
  switch (piece.kind) {
    case 'open':
      return parseBrackets(reading, subject, op)
    case 'word':
      reading.at += 1
      return termOf(reading, subject, op, piece)
    case 'range':
      reading.at += 1
      return op === '=' ? rangeOf(reading, subject, piece) : no('A range is asked for with a colon.', piece)
    case 'wrong':
      return no(piece.detail, piece)
    default:
      return no(`Say what ${field.name} should be, such as ${field.name}:${exampleOf(subject)}.`, field)
  }
}

const exampleOf = (subject: Subject): string => {
  if (subject.kind !== 'field') return 'value'
  const { kind } = fields[subject.field]
  const known = fields[subject.field] as { values?: readonly string[] }
  return known.values?.[0] ?? (kind === 'moment' ? '2026-11-23' : kind === 'number' ? '5' : 'value')
}

const parseOne = (reading: Reading, subject: Subject, op: Comparison): Answer => {
  const piece = here(reading)
  switch (piece.kind) {
    case 'open':
      return parseBrackets(reading, subject, op)
    case 'field':
      reading.at += 1
      return parseValue(reading, piece)
    case 'word':
      reading.at += 1
      return termOf(reading, subject, op, piece)
    case 'not': {
      reading.at += 1
      reading.depth += 1
      if (reading.depth > DEEPEST_QUERY) return no(`NOT goes at most ${DEEPEST_QUERY} deep.`, piece)
      const part = parseOne(reading, subject, op)
      reading.depth -= 1
      return isRefusal(part) ? part : not(part)
    }
    case 'wrong':
      return no(piece.detail, piece)
    case 'end':
      return no('The query ends where something should follow.', piece)
    case 'close':
      return no('A bracket closes here that was not opened, or holds nothing.', piece)
    case 'range':
    case 'and':
    case 'or':
      return no('Something should stand before this.', piece)
  }
}

const parseAnd = (reading: Reading, subject: Subject, op: Comparison): Answer => {
  const parts: Query[] = []
  for (;;) {
    const part = parseOne(reading, subject, op)
    if (isRefusal(part)) return part
    parts.push(part)
    const { kind } = here(reading)
    if (kind === 'end' || kind === 'close' || kind === 'or') return and(...parts)
    if (kind === 'and') reading.at += 1
  }
}

function parseOr(reading: Reading, subject: Subject, op: Comparison): Answer {
  const parts: Query[] = []
  for (;;) {
    const part = parseAnd(reading, subject, op)
    if (isRefusal(part)) return part
    parts.push(part)
    if (here(reading).kind !== 'or') return or(...parts)
    reading.at += 1
  }
}

/** @param text untrusted; an empty one asks for every alert */
export const parseQuery = (text: string): Query | QueryRefusal => {
  if (text.length > LONGEST_QUERY)
    return notUnderstood(`A query has at most ${LONGEST_QUERY} characters.`, LONGEST_QUERY, text.length)
  const odd = text.search(/\u0000/)
  if (odd >= 0 || !text.isWellFormed())
    return notUnderstood('The query holds a character that no alert has.', Math.max(0, odd), text.length)
  if (text.trim() === '') return { kind: 'all' }
  const reading: Reading = { pieces: piecesOf(text), at: 0, terms: 0, depth: 0 }
  const query = parseOr(reading, { kind: 'text' }, '=')
  if (isRefusal(query)) return query
  const left = here(reading)
  return left.kind === 'end' ? query : no('A bracket closes here that was not opened.', left)
}
