/** The terms of a decision while somebody writes them: text fields, as a form holds them. */
import { instantOf, wallFields } from '../../parts/days.ts'
import type { Terms } from './queries.ts'

export type OptionDraft = {
  readonly key: number
  readonly title: string
  readonly chosen: boolean
  readonly note: string
}
export type TermsDraft = {
  readonly what: string
  readonly why: string
  readonly options: readonly OptionDraft[]
  readonly risk: string
  readonly rollback: string
  readonly untilDate: string
  readonly untilTime: string
}

export const emptyTerms: TermsDraft = {
  what: '',
  why: '',
  options: [],
  risk: '',
  rollback: '',
  untilDate: '',
  untilTime: '17:00',
}

export const draftOf = (terms: Terms, zone: string): TermsDraft => {
  const until = terms.validUntil === null ? { date: '', time: '17:00' } : wallFields(terms.validUntil, zone)
  return {
    what: terms.what,
    why: terms.why,
    options: terms.options.map((option, key) => ({ ...option, key })),
    risk: terms.risk,
    rollback: terms.rollback,
    untilDate: until.date,
    untilTime: until.time,
  }
}

/** What the server takes: options without a title were begun and left. */
export const termsOf = (draft: TermsDraft, zone: string): Terms => ({
  what: draft.what,
  why: draft.why,
  options: draft.options
    .filter(({ title }) => title.trim() !== '')
    .map(({ title, chosen, note }) => ({ title, chosen, note })),
  risk: draft.risk,
  rollback: draft.rollback,
  validUntil: draft.untilDate === '' ? null : instantOf(draft.untilDate, draft.untilTime || '23:59', zone),
})
