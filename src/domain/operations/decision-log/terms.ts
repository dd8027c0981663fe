/** What a decision says: enough that somebody who was not there can judge it, and that the change can be undone. */
import { refuse, type Refusal } from '../../refusal.ts'

export type Option = { readonly title: string; readonly chosen: boolean; readonly note: string }

/**
 * @property what     the change, in a sentence
 * @property risk     what may go wrong, in words; "none known" is an answer, silence is not
 * @property rollback how it is undone, or why it cannot be
 * @property validUntil epoch milliseconds; null: until superseded or withdrawn
 */
export type Terms = {
  readonly what: string
  readonly why: string
  readonly options: readonly Option[]
  readonly risk: string
  readonly rollback: string
  readonly validUntil: number | null
}

export type TermsRefusal = Refusal<'decision-incomplete' | 'decision-too-long' | 'validity-over'>

const longestText = 20_000
const mostOptions = 20

const isSaid = (text: string): boolean => text.trim() !== ''

/** @returns null when the terms can be discussed: they say what and why, and are of a size a person reads */
export const checkProposal = ({ what, why, options, risk, rollback }: Terms): TermsRefusal | null => {
  const texts = [what, why, risk, rollback, ...options.flatMap(({ title, note }) => [title, note])]
  if (options.length > mostOptions || texts.some((text) => text.length > longestText)) {
    return refuse(
      'decision-too-long',
      `A decision has at most ${mostOptions} options, and each text at most ${longestText} characters.`,
    )
  }
  if (!isSaid(what) || !isSaid(why))
    return refuse('decision-incomplete', 'Say what is to be changed, and why.')
  if (options.some(({ title }) => !isSaid(title)))
    return refuse('decision-incomplete', 'Every option needs a name.')
  if (options.filter(({ chosen }) => chosen).length > 1) {
    return refuse(
      'decision-incomplete',
      'Choose one option; if two are needed, they are one option together.',
    )
  }
  return null
}

/** @returns null when the terms can be decided and acted upon from `now` on */
export const checkTerms = (terms: Terms, now: number): TermsRefusal | null => {
  const refusal = checkProposal(terms)
  if (refusal !== null) return refusal
  const { options, risk, rollback, validUntil } = terms
  if (!isSaid(risk)) return refuse('decision-incomplete', 'Say what the risk is, even if it is "none known".')
  if (!isSaid(rollback)) {
    return refuse('decision-incomplete', 'Say how the change is rolled back, or why it cannot be.')
  }
  if (options.length > 0 && !options.some(({ chosen }) => chosen)) {
    return refuse('decision-incomplete', 'Say which of the options was chosen.')
  }
  if (validUntil !== null && validUntil <= now) {
    return refuse('validity-over', 'The decision would be over before it is made; give a later time.')
  }
  return null
}
