/** The life of one alert: open, perhaps acknowledged, closed; firing again after that is a new occurrence and never a reopened record. */
import { refuse, type Refusal } from '../../refusal.ts'
import type { AlertFromSource } from './alert-from-alertmanager.ts'

export type ClosedBy =
  | { readonly kind: 'source' }
  | { readonly kind: 'person'; readonly accountId: string; readonly reason: string }

/** Identified by environment and fingerprint: the same rule in two clusters is two alerts, whatever a sender's group key says. */
export type AlertState = {
  readonly id: string
  readonly fingerprint: string
  /** 1 for the first time this fingerprint fires in its environment. */
  readonly occurrence: number
  readonly status: 'open' | 'acknowledged' | 'closed'
  readonly startsAt: number
  readonly openedAt: number
  readonly lastSeenAt: number
  readonly timesSeen: number
  readonly acknowledgement: { readonly by: string; readonly at: number } | null
  readonly closing: { readonly by: ClosedBy; readonly at: number } | null
}

export type AlertCommand =
  /** @property alertId used if the report opens an occurrence */
  | { readonly kind: 'report'; readonly report: AlertFromSource; readonly alertId: string }
  | { readonly kind: 'acknowledge'; readonly by: string }
  | { readonly kind: 'close'; readonly by: string; readonly reason: string }

export type AlertEvent =
  /** `stillFiring`: a person closed it while its source went on, so it is the same trouble coming back. */
  | {
      readonly kind: 'alert-opened'
      readonly alertId: string
      readonly occurrence: number
      readonly stillFiring: boolean
      readonly report: AlertFromSource
      readonly at: number
    }
  | { readonly kind: 'alert-repeated'; readonly at: number }
  | { readonly kind: 'alert-acknowledged'; readonly by: string; readonly at: number }
  | { readonly kind: 'alert-closed'; readonly by: ClosedBy; readonly at: number }

export type AlertRefusal =
  | Refusal<'alert-unknown' | 'alert-closed' | 'reason-required'>
  | (Refusal<'already-acknowledged'> & { readonly by: string; readonly at: number })

type Of<Kind extends AlertCommand['kind']> = Extract<AlertCommand, { kind: Kind }>

const fires = (alert: AlertState | null, { report, alertId }: Of<'report'>, now: number): AlertEvent => {
  if (alert !== null && alert.status !== 'closed') return { kind: 'alert-repeated', at: now }
  return {
    kind: 'alert-opened',
    alertId,
    occurrence: (alert?.occurrence ?? 0) + 1,
    stillFiring: alert?.closing?.by.kind === 'person' && alert.startsAt === report.startsAt,
    report,
    at: now,
  }
}

/** A report that ended before this occurrence began is a late copy about an earlier one: closing on it would hide a fire. */
export const endsOccurrence = (
  { startsAt }: Pick<AlertState, 'startsAt'>,
  { endsAt }: Pick<AlertFromSource, 'endsAt'>,
): boolean => endsAt === null || endsAt >= startsAt

const isOver = (alert: AlertState | null, report: AlertFromSource): boolean =>
  alert !== null && alert.status !== 'closed' && endsOccurrence(alert, report)

/**
 * @param alert the latest occurrence; null when this fingerprint never fired in its environment
 * @returns at most one event; none when a report says nothing new (resolved, and not open)
 */
export const decide = (
  alert: AlertState | null,
  command: AlertCommand,
  now: number,
): readonly AlertEvent[] | AlertRefusal => {
  if (command.kind === 'report') {
    if (command.report.status === 'firing') return [fires(alert, command, now)]
    return isOver(alert, command.report) ? [{ kind: 'alert-closed', by: { kind: 'source' }, at: now }] : []
  }
  if (alert === null) return refuse('alert-unknown', 'There is no such alert.')
  if (alert.status === 'closed') return refuse('alert-closed', 'This alert is over.')
  const { by } = command
  if (command.kind === 'close') {
    const { reason } = command
    return reason.trim() === ''
      ? refuse(
          'reason-required',
          'Say why the alert is closed although its source has not said that it is over.',
        )
      : [{ kind: 'alert-closed', by: { kind: 'person', accountId: by, reason }, at: now }]
  }
  if (alert.acknowledgement === null) return [{ kind: 'alert-acknowledged', by, at: now }]
  // The same person twice is a double click, not a conflict.
  return alert.acknowledgement.by === by
    ? []
    : { ...refuse('already-acknowledged', 'Somebody else has this alert already.'), ...alert.acknowledgement }
}

/** @param alert null only before the first `alert-opened`; any other event then throws, for its history is broken */
export const apply = (alert: AlertState | null, event: AlertEvent): AlertState => {
  if (event.kind === 'alert-opened') {
    const { alertId, occurrence, report, at } = event
    return {
      id: alertId,
      fingerprint: report.fingerprint,
      occurrence,
      status: 'open',
      startsAt: report.startsAt,
      openedAt: at,
      lastSeenAt: at,
      timesSeen: 1,
      acknowledgement: null,
      closing: null,
    }
  }
  if (alert === null) throw new Error(`${event.kind} before alert-opened`)
  switch (event.kind) {
    case 'alert-repeated':
      return { ...alert, lastSeenAt: event.at, timesSeen: alert.timesSeen + 1 }
    case 'alert-acknowledged':
      return { ...alert, status: 'acknowledged', acknowledgement: { by: event.by, at: event.at } }
    case 'alert-closed':
      return { ...alert, status: 'closed', closing: { by: event.by, at: event.at } }
  }
}
