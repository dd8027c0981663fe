/** Whether one alert is among those a question asks for. The list asks the database the same; a test holds the two together. */
import type { Comparison, Moment, Query, Term, Wanted } from './query.ts'
import type { ExactField, WordsField } from './fields.ts'

/** What can be asked of an alert. Times are epoch milliseconds; '' and [] are what is not there. */
export type AlertFacts = {
  readonly status: 'open' | 'acknowledged' | 'closed'
  readonly acknowledgedAt: number | null
  readonly snoozedUntilAt: number | null
  readonly priority: number
  readonly count: number
  readonly openedAt: number
  readonly lastSeenAt: number
  readonly labels: Readonly<Record<string, string>>
  /** Every name that counts as this field; a person goes by handle, address, name. */
  readonly exact: (
    field: Exclude<ExactField, 'cluster' | 'teams' | 'details.key' | 'details.value'>,
  ) => readonly string[]
  readonly words: (field: Exclude<WordsField, 'text'>) => string
}

const compare = (one: number, op: Comparison, other: number): boolean => {
  switch (op) {
    case '=':
      return one === other
    case '<':
      return one < other
    case '<=':
      return one <= other
    case '>':
      return one > other
    case '>=':
      return one >= other
  }
}

/** Parts between the stars in their order: no pattern that could take long over a long text. */
const fits = (text: string, wanted: Wanted, whole: boolean): boolean => {
  const [low, want] = [text.toLowerCase(), wanted.text.toLowerCase()]
  if (!wanted.wild) return whole ? low === want : low.includes(want)
  const parts = want.split('*')
  const [first = '', last = ''] = [parts[0], parts.at(-1)]
  let at = 0
  let end = low.length
  if (whole) {
    if (!low.startsWith(first) || !low.endsWith(last) || low.length < first.length + last.length) return false
    at = first.length
    end -= last.length
  }
  for (const part of whole ? parts.slice(1, -1) : parts) {
    const found = low.indexOf(part, at)
    if (found < 0 || found + part.length > end) return false
    at = found + part.length
  }
  return true
}

const instantOf = (moment: Moment, now: number): number =>
  'at' in moment ? moment.at : now + moment.fromNowMs

const exactOf = (alert: AlertFacts, field: ExactField): readonly string[] => {
  const label = (name: string): string[] =>
    Object.hasOwn(alert.labels, name) ? [alert.labels[name] ?? ''] : []
  switch (field) {
    case 'cluster':
      return label('cluster')
    case 'teams':
      return label('team')
    case 'details.key':
      return Object.keys(alert.labels)
    case 'details.value':
      return Object.values(alert.labels)
    default:
      return alert.exact(field)
  }
}

/** `me` and `nobody` are said whole: a star stands for parts of names, and `owner:*` asks for those that have an owner. */
const isSpoken = (field: ExactField, text: string): boolean =>
  (field === 'owner' || field === 'responders') && (text === 'me' || text === 'nobody')

const termMatches = (term: Term, alert: AlertFacts, now: number): boolean => {
  switch (term.kind) {
    case 'status':
      return term.is === 'open' ? alert.status !== 'closed' : alert.status === term.is
    case 'truth':
      return term.field === 'snoozed'
        ? (alert.snoozedUntilAt !== null && alert.status !== 'closed') === term.is
        : (alert.acknowledgedAt !== null) === term.is
    case 'priority':
      // P1 is the most urgent: `priority > P3` asks, as OpsGenie does, by the number.
      return compare(alert.priority, term.op, term.value)
    case 'count':
      return compare(alert.count, term.op, term.value)
    case 'moment': {
      const at = {
        createdAt: alert.openedAt,
        lastOccurredAt: alert.lastSeenAt,
        snoozedUntil: alert.status === 'closed' ? null : alert.snoozedUntilAt,
      }[term.field]
      return at !== null && compare(at, term.op, instantOf(term.moment, now))
    }
    case 'exact':
      return exactOf(alert, term.field).some(
        (text) => !(term.wanted.wild && isSpoken(term.field, text)) && fits(text, term.wanted, true),
      )
    case 'words':
      return term.field === 'text'
        ? fits(alert.words('name'), term.wanted, false) || fits(alert.words('message'), term.wanted, false)
        : fits(alert.words(term.field), term.wanted, false)
    case 'label': {
      const value = Object.hasOwn(alert.labels, term.name) ? alert.labels[term.name] : undefined
      if (value === undefined) return false
      // Labels are as their rules write them: equal means equal, in capitals, too.
      return term.wanted.wild ? fits(value, term.wanted, true) : value === term.wanted.text
    }
  }
}

/** @param now epoch milliseconds, for what is asked relative to it */
export const matchesQuery = (query: Query, alert: AlertFacts, now: number): boolean => {
  switch (query.kind) {
    case 'all':
      return true
    case 'and':
      return query.parts.every((part) => matchesQuery(part, alert, now))
    case 'or':
      return query.parts.some((part) => matchesQuery(part, alert, now))
    case 'not':
      return !matchesQuery(query.part, alert, now)
    default:
      return termMatches(query, alert, now)
  }
}
