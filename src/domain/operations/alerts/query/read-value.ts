/** Values of a question as their field understands them; what it does not understand is answered with what it would. */
import { refuse, type Refusal } from '../../../refusal.ts'
import { day, hour, minute, parseInstant, second } from '../../../time/instant.ts'
import type { Priority } from '../priority.ts'
import { fields, type FieldName } from './fields.ts'
import type { Comparison, Moment, Term, Wanted } from './query.ts'

type No = Refusal<'value-not-understood'>
const no = (detail: string): No => refuse('value-not-understood', detail)

const units: Readonly<Record<string, number>> = { s: second, m: minute, h: hour, d: day, w: 7 * day }
const LATEST = 253_402_300_799_999

/** Milliseconds as OpsGenie writes them, a date, an instant of RFC 3339, or `now-2h`. */
export const readMoment = (text: string): Moment | undefined => {
  if (text === 'now') return { fromNowMs: 0 }
  const [, sign, count, unit = ''] = /^now([+-])([0-9]{1,6})([smhdw])$/.exec(text) ?? []
  // Adding 0 makes no minus zero of `now-0h`.
  if (count) return { fromNowMs: (sign === '-' ? -1 : 1) * Number(count) * (units[unit] ?? 0) + 0 }
  if (/^[0-9]{1,15}$/.test(text)) return Number(text) <= LATEST ? { at: Number(text) } : undefined
  const at = parseInstant(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text)
  return at === null || at < 0 ? undefined : { at }
}

export const readWanted = (text: string, quoted: boolean): Wanted => ({
  text,
  wild: !quoted && text.includes('*'),
})

type Given = { readonly op: Comparison; readonly text: string; readonly quoted: boolean }

const readPriorityTerm = ({ op, text }: Given): Term | No => {
  const [, digit] = /^p?([1-5])$/i.exec(text) ?? []
  return digit
    ? { kind: 'priority', op, value: Number(digit) as Priority }
    : no(`priority is one of P1 to P5, not ${text}.`)
}

const readStatus = ({ text }: Given): Term | No => {
  const is = text.toLowerCase()
  return is === 'open' || is === 'acknowledged' || is === 'closed'
    ? { kind: 'status', is }
    : no(`status is open, acknowledged or closed, not ${text}.`)
}

/** @returns the term, or why there is none */
export const readTerm = (field: FieldName, given: Given): Term | No => {
  const { op, text, quoted } = given
  const { kind } = fields[field]
  const compares = kind === 'priority' || kind === 'number' || kind === 'moment'
  if (op !== '=' && !compares)
    return no(
      `${field} has no order: write ${field}:value. Greater and less are for times, count and priority.`,
    )
  if (text === '') return no(`Say what ${field} should be.`)
  switch (kind) {
    case 'status':
      return readStatus(given)
    case 'priority':
      return readPriorityTerm(given)
    case 'truth': {
      const is = text.toLowerCase()
      return is === 'true' || is === 'false'
        ? { kind: 'truth', field: field as 'snoozed', is: is === 'true' }
        : no(`${field} is true or false, not ${text}.`)
    }
    case 'number':
      return /^[0-9]{1,9}$/.test(text)
        ? { kind: 'count', op, value: Number(text) }
        : no(`${field} is a whole number, not ${text}.`)
    case 'moment': {
      const moment = readMoment(text)
      return moment
        ? { kind: 'moment', field: field as 'createdAt', op, moment }
        : no(`${field} is a time: 2026-11-23, 2026-11-23T07:30:00Z, milliseconds, or now-2h.`)
    }
    case 'exact':
      if ((field === 'tinyId' || field === 'alertId') && text.includes('*'))
        return no(`${field} is written in full.`)
      return { kind: 'exact', field: field as 'tag', wanted: readWanted(text, quoted) }
    case 'words':
      return { kind: 'words', field: field as 'message', wanted: readWanted(text, quoted) }
  }
}
