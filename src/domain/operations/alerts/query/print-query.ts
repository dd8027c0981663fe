/** A question written down again, so that reading it gives the same question: for links, saved views and messages. */
import type { Moment, Query, Term, Wanted } from './query.ts'

const quote = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`

/** Words that mean something by themselves, or that would be read as something else, stand in quotes. */
const isPlain = (text: string): boolean =>
  /^[\p{L}\p{N}_][\p{L}\p{N}_.@/-]*$/u.test(text) && !/^(AND|OR|NOT)$/.test(text)

const printWanted = ({ text, wild }: Wanted): string => (wild || isPlain(text) ? text : quote(text))

/** After a colon; what begins like a comparison would be read as one. */
const printValue = (wanted: Wanted): string =>
  wanted.wild && /^[<>=]/.test(wanted.text) ? `(${wanted.text})` : printWanted(wanted)

const printMoment = (moment: Moment): string => {
  if ('at' in moment) return String(moment.at)
  const { fromNowMs } = moment
  return fromNowMs === 0 ? 'now' : `now${fromNowMs < 0 ? '-' : '+'}${Math.abs(fromNowMs) / 1_000}s`
}

const printTerm = (term: Term): string => {
  switch (term.kind) {
    case 'status':
      return `status:${term.is}`
    case 'truth':
      return `${term.field}:${term.is}`
    case 'priority':
      return term.op === '=' ? `priority:P${term.value}` : `priority ${term.op} P${term.value}`
    case 'count':
      return term.op === '=' ? `count:${term.value}` : `count ${term.op} ${term.value}`
    case 'moment':
      return `${term.field} ${term.op} ${printMoment(term.moment)}`
    case 'exact':
      return `${term.field}:${printValue(term.wanted)}`
    case 'words':
      return term.field === 'text' ? printWanted(term.wanted) : `${term.field}:${printValue(term.wanted)}`
    case 'label':
      return `label.${/^[\w./-]+$/.test(term.name) ? term.name : quote(term.name)}:${printValue(term.wanted)}`
  }
}

const inside = (query: Query): string =>
  query.kind === 'and' || query.kind === 'or' ? `(${printQuery(query)})` : printQuery(query)

export const printQuery = (query: Query): string => {
  switch (query.kind) {
    case 'all':
      return ''
    case 'and':
      return query.parts.map(inside).join(' AND ')
    case 'or':
      return query.parts.map(inside).join(' OR ')
    case 'not':
      return `NOT ${inside(query.part)}`
    default:
      return printTerm(query)
  }
}
