/** Whether a new alert rings anew or joins a page that rings already: one ringing page at a time per environment, never silence. */
import type { Priority } from '../alerts/priority.ts'

type Existing = {
  readonly id: string
  readonly status: 'open' | 'acknowledged' | 'resolved'
  readonly priority: Priority
  readonly groupKey: string
}
type Incoming = { readonly priority: Priority; readonly groupKey: string }

const atLeastAsUrgent = (page: Existing, alert: Incoming): boolean => page.priority <= alert.priority

/**
 * A page nobody has taken yet carries every alert of its environment that is not more urgent: a second ring would tell
 * the same person the same minute. A page that somebody has taken carries only alerts of its own group; anything else is
 * news to them and pages.
 *
 * @param unresolved the environment's pages, newest first
 * @returns the id of the page to join, or null: request a new one
 */
export const pageToJoin = (unresolved: readonly Existing[], alert: Incoming): string | null => {
  const ringing = unresolved.find((page) => page.status === 'open' && atLeastAsUrgent(page, alert))
  if (ringing) return ringing.id
  const taken = unresolved.find(
    (page) =>
      page.status === 'acknowledged' && page.groupKey === alert.groupKey && atLeastAsUrgent(page, alert),
  )
  return taken?.id ?? null
}
