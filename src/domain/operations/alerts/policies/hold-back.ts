/** Whether a policy keeps an alert from paging at this moment. */
import type { Treatment } from './treat-alert.ts'

export type HeldBack =
  | { readonly kind: 'suppressed'; readonly by: { readonly id: string; readonly name: string } }
  | {
      readonly kind: 'delayed'
      readonly by: { readonly id: string; readonly name: string }
      readonly until: number | null
      readonly occurrences: number | null
    }

/**
 * @param count how often the alert was said, the first time included
 * @param at    epoch milliseconds
 */
export const heldBackBy = (treatment: Treatment | null, count: number, at: number): HeldBack | null => {
  if (!treatment || treatment.alwaysPages) return null
  if (treatment.suppressedBy) return { kind: 'suppressed', by: treatment.suppressedBy }
  const { delay } = treatment
  if (!delay) return null
  const isTime = delay.until !== null && at >= delay.until
  const isOften = delay.occurrences !== null && count >= delay.occurrences
  return isTime || isOften ? null : { kind: 'delayed', ...delay }
}
