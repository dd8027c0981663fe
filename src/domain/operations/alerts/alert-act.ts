/** What a person does to an alert that stands: give it back, hand it to somebody, let it sleep, wake it. */
import { refuse, type Refusal } from '../../refusal.ts'
import { day, minute } from '../../time/instant.ts'

/** @property snoozedUntilAt set while it sleeps: it is taken, and comes back as open at that instant */
export type StandingAlert = {
  readonly status: 'open' | 'acknowledged' | 'closed'
  readonly acknowledgement: { readonly by: string; readonly at: number } | null
  readonly ownerId: string | null
  readonly snoozedUntilAt: number | null
  readonly snoozedBy: string | null
}

export type AlertAct =
  | { readonly kind: 'unacknowledge' }
  /** null: nobody's any more */
  | { readonly kind: 'assign'; readonly ownerId: string | null }
  | { readonly kind: 'snooze'; readonly untilAt: number; readonly by: string }
  /** `onlyDue`: asked by the clock; what sleeps longer by now sleeps on. */
  | { readonly kind: 'end-snooze'; readonly onlyDue: boolean }

export type ActRefusal = Refusal<'alert-closed' | 'snooze-too-short' | 'snooze-too-long'>

const SHORTEST_SNOOZE_MS = minute
const LONGEST_SNOOZE_MS = 90 * day

const open = { status: 'open', acknowledgement: null, snoozedUntilAt: null, snoozedBy: null } as const

const snooze = (
  alert: StandingAlert,
  { untilAt, by }: Extract<AlertAct, { kind: 'snooze' }>,
  now: number,
): StandingAlert | ActRefusal => {
  if (untilAt < now + SHORTEST_SNOOZE_MS)
    return refuse('snooze-too-short', 'An alert sleeps for a minute at least: name a later instant.')
  if (untilAt > now + LONGEST_SNOOZE_MS)
    return refuse('snooze-too-long', 'An alert sleeps for 90 days at most. Close it, or mend its rule.')
  if (alert.snoozedUntilAt === untilAt) return alert
  return {
    ...alert,
    status: 'acknowledged',
    // Whoever had it keeps it; otherwise it is in the hands of whoever lets it sleep.
    acknowledgement: alert.acknowledgement ?? { by, at: now },
    snoozedUntilAt: untilAt,
    snoozedBy: by,
  }
}

/** @returns the alert as it stands afterwards; the very same object when there was nothing to do */
export const actOn = (alert: StandingAlert, act: AlertAct, now: number): StandingAlert | ActRefusal => {
  if (alert.status === 'closed')
    return refuse('alert-closed', 'This alert is closed already. Nothing was changed.')
  switch (act.kind) {
    case 'unacknowledge':
      return alert.status === 'open' ? alert : { ...alert, ...open }
    case 'assign':
      return alert.ownerId === act.ownerId ? alert : { ...alert, ownerId: act.ownerId }
    case 'snooze':
      return snooze(alert, act, now)
    case 'end-snooze':
      if (alert.snoozedUntilAt === null || (act.onlyDue && alert.snoozedUntilAt > now)) return alert
      return { ...alert, ...open }
  }
}
