/** OpsGenie's query language as far as we answer it: `field: value` joined by AND, each perhaps turned round by NOT. */
import { readPriority } from '../../../domain/operations/alerts/alert-from-opsgenie.ts'
import { refuse, type Refusal } from '../../../domain/refusal.ts'
import type { AlertCondition } from '../../operations/alerts/environment-store.ts'

const LONGEST = 1_000
const MOST_TERMS = 20

/** NOT, a field with a colon or a comparison, and a value in quotes or without spaces; or a bare word. */
const term = /\s*(NOT\s+|-)?(?:([A-Za-z][\w.-]*)\s*(:|<=|>=|<|>|=)\s*)?(?:"([^"]*)"|([^\s()"]+))/gy

type Term = { readonly not: boolean; readonly field: string; readonly op: string; readonly value: string }
type Meaning = AlertCondition extends infer C ? (C extends unknown ? Omit<C, 'not'> : never) : never

const no = (detail: string): Refusal<'query-not-understood'> => refuse('query-not-understood', detail)

const readTruth = (value: string): boolean | undefined =>
  value.toLowerCase() === 'true' ? true : value.toLowerCase() === 'false' ? false : undefined

const comparisons = ['<', '<=', '>', '>='] as const
const readComparison = ({
  op,
  value,
}: Term): { op: (typeof comparisons)[number] | '='; at: number } | undefined => {
  // Both `createdAt > 1` and `createdAt:>1` are in use.
  const [, inner = '', digits = ''] = /^(<=|>=|<|>)?([0-9]{1,15})$/.exec(value) ?? []
  if (digits === '') return undefined
  const known = comparisons.find((each) => each === (op === ':' || op === '=' ? inner : op))
  return { op: known ?? '=', at: Number(digits) }
}

const containing = {
  message: 'message',
  description: 'description',
  entity: 'entity',
  source: 'source',
  alias: 'alias',
} as const

const meaningOf = (asked: Term): Meaning | undefined => {
  const { field, value } = asked
  const lower = value.toLowerCase()
  switch (field) {
    case '':
      return { by: 'message', has: value }
    case 'status':
      return lower === 'open' || lower === 'closed' ? { by: 'closed', is: lower === 'closed' } : undefined
    case 'acknowledged':
    case 'isSeen': {
      const is = readTruth(value)
      return is === undefined ? undefined : { by: 'acknowledged', is }
    }
    case 'priority': {
      const is = readPriority(value)
      return is === undefined ? undefined : { by: 'priority', is }
    }
    case 'tag':
    case 'tags':
      return { by: 'tag', is: value }
    case 'alertId':
    case 'id':
      return { by: 'id', is: lower }
    case 'createdAt':
    case 'lastOccurredAt': {
      const comparison = readComparison(asked)
      return comparison && { by: field === 'createdAt' ? 'openedAt' : 'lastSeenAt', ...comparison }
    }
    default:
      if (field.startsWith('details.'))
        return { by: 'detail', name: field.slice('details.'.length), is: value }
      return Object.hasOwn(containing, field)
        ? { by: containing[field as keyof typeof containing], has: value }
        : undefined
  }
}

const readTerms = (text: string): Term[] | undefined => {
  const terms: Term[] = []
  term.lastIndex = 0
  let at = 0
  while (text.slice(at).trim() !== '') {
    term.lastIndex = at
    const found = term.exec(text)
    if (!found) return undefined
    const [, not, field = '', op = '', quoted, word = ''] = found
    at = term.lastIndex
    if (field === '' && quoted === undefined && word === 'AND') continue
    if (field === '' && quoted === undefined && word === 'OR') return undefined
    terms.push({ not: not !== undefined, field, op, value: quoted ?? word })
  }
  return terms
}

/** An empty query means every alert. */
export const readSearch = (
  text: string | undefined,
): readonly AlertCondition[] | Refusal<'query-not-understood'> => {
  if (text === undefined || text.trim() === '') return []
  if (text.length > LONGEST) return no(`A query has at most ${LONGEST} characters.`)
  if (text.includes('\u0000') || !text.isWellFormed())
    return no('The query holds characters that no alert has.')
  const terms = readTerms(text)
  if (!terms || terms.length > MOST_TERMS)
    return no('Fortnight understands field: value joined by AND, and NOT; no OR, no brackets.')
  const conditions: AlertCondition[] = []
  for (const each of terms) {
    const meaning = meaningOf(each)
    if (meaning) conditions.push({ ...meaning, not: each.not } as AlertCondition)
    else return no(`Fortnight cannot search for ${each.field}: ${each.value.slice(0, 60)}.`)
  }
  return conditions
}
