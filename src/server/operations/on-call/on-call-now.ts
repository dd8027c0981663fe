/** The answer a page needs: whom to tell for a schedule at this instant, or why there is nobody to tell. */
import { whoIsOnCall, type OnCall } from '../../../domain/operations/on-call/who-is-on-call.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { findColleagues, loadSchedules } from './store.ts'

/**
 * `reason`: nothing covers the instant, an override took everybody off, everybody on call was archived, or the
 * schedule itself was archived or never existed (a page under way follows the policy it began with).
 */
export type NobodyReason =
  | 'gap'
  | 'on-purpose'
  | 'account-archived'
  | 'schedule-archived'
  | 'schedule-unknown'
export type OnCallNow =
  | Extract<OnCall, { kind: 'people' }>
  | (Extract<OnCall, { kind: 'nobody' }> & { readonly reason: NobodyReason })

const nobody = (reason: NobodyReason, until: number | null = null): OnCallNow => ({
  kind: 'nobody',
  onPurpose: reason === 'on-purpose',
  until,
  reason,
})

/** Never throws for want of somebody: the page goes to the fallback, and says why. */
export const whoIsOnCallNow = async (db: Db | Tx, scheduleId: string, at: number): Promise<OnCallNow> => {
  const [stored] = await loadSchedules(db, [scheduleId], at)
  if (!stored) return nobody('schedule-unknown')
  if (stored.archivedAt !== null) return nobody('schedule-archived')
  const duty = whoIsOnCall(stored.rules, at)
  if (duty.kind === 'nobody') return nobody(duty.onPurpose ? 'on-purpose' : 'gap', duty.until)
  const colleagues = await findColleagues(
    db,
    duty.people.map(({ accountId }) => accountId),
  )
  const [first, ...others] = duty.people.filter(
    ({ accountId }) => !(colleagues.get(accountId)?.archived ?? true),
  )
  return first ? { ...duty, people: [first, ...others] } : nobody('account-archived', duty.until)
}
