/** Until when a decision covers changes, as far as is known now: what is planned under it ends no later. */
import type { DecisionState } from './decision.ts'

/** @returns epoch milliseconds; null: until it is superseded or withdrawn. Only of a decision that covers now. */
export const coveredUntil = ({ entries, breakGlass }: DecisionState): number | null => {
  if (breakGlass !== null && breakGlass.writtenUp === null) return breakGlass.writeUpBy
  return entries.at(-1)?.terms.validUntil ?? null
}
