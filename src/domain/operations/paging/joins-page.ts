/** Whether a new alert rings anew or joins a page that rings already: one ringing page at a time per environment and policy, never silence. */
import type { Priority } from '../alerts/priority.ts'

type Existing = {
  readonly id: string
  readonly status: 'open' | 'acknowledged' | 'resolved'
  readonly priority: Priority
  /** Who is called, where a rule said so; null: by the policy of the environment. */
  readonly policyId: string | null
}
type Incoming = { readonly priority: Priority; readonly policyId: string | null }

/**
 * A page nobody has taken yet carries every alert of its environment and policy that is not more urgent: a second ring would tell
 * the same person the same minute. A page that somebody has taken is joined by nothing, not even by its own group: an
 * acknowledgement covers exactly the alerts that were there, and whatever comes later is news and pages.
 *
 * @param unresolved the environment's pages, newest first
 * @returns the id of the page to join, or null: request a new one
 */
export const pageToJoin = (unresolved: readonly Existing[], alert: Incoming): string | null =>
  unresolved.find(
    ({ status, priority, policyId }) =>
      status === 'open' && priority <= alert.priority && policyId === alert.policyId,
  )?.id ?? null
