/** What a broken glass still owes: its explanation first, then the review of somebody else. */
import type { DecisionState } from './decision.ts'

/** @property dueAt epoch milliseconds */
export type Owed =
  | { readonly what: 'nothing' }
  | { readonly what: 'write-up' | 'review'; readonly dueAt: number; readonly overdue: boolean }

export const owedFor = ({ breakGlass }: Pick<DecisionState, 'breakGlass'>, now: number): Owed => {
  if (breakGlass === null || breakGlass.review !== null) return { what: 'nothing' }
  const { writtenUp, writeUpBy, reviewBy } = breakGlass
  const dueAt = writtenUp === null ? writeUpBy : reviewBy
  return { what: writtenUp === null ? 'write-up' : 'review', dueAt, overdue: dueAt <= now }
}
