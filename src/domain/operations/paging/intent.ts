/** The life of one promise to tell one person on one channel: it is claimed, tried, tried again, and always ends in an outcome. */
import { minute, second } from '../../time/instant.ts'

export type Channel =
  | 'email'
  | 'web-push'
  | 'sms'
  | 'voice'
  | 'slack'
  | 'mattermost'
  | 'ntfy'
  | 'webhook'
  | 'screen'

/** Time a process has to say what came of an attempt before another may try. */
export const SEND_LEASE_MS = 30 * second
/** Pauses before the attempts after the first. After the last one the intent has failed for good. */
const PAUSES_MS = [5 * second, 15 * second, 30 * second, minute, 2 * minute, 5 * minute] as const
/** A send that takes its process down with it reports nothing; after this many the promise ends as one of unknown outcome. */
export const MOST_ATTEMPTS = 20

export type IntentState = {
  readonly status: 'intended' | 'claimed' | 'sent' | 'failed' | 'cancelled'
  readonly attempt: number
  readonly dueAt: number
  readonly leaseUntilAt: number | null
}

export type Claim =
  | {
      readonly kind: 'send'
      readonly attempt: number
      readonly leaseUntilAt: number
      /** An earlier attempt may have reached the person. */ readonly maybeRepeated: boolean
    }
  | { readonly kind: 'cancel'; readonly reason: string }
  | { readonly kind: 'leave' }

/**
 * Called in the transaction that locks the page and the intent. For what is sent unless the page is closed, one that
 * somebody has counts as open. No send is claimed once the page is acknowledged or
 * resolved.
 */
export const claim = (
  intent: IntentState,
  pageStatus: 'open' | 'acknowledged' | 'resolved',
  now: number,
): Claim => {
  if (intent.status !== 'intended' && intent.status !== 'claimed') return { kind: 'leave' }
  if (intent.status === 'claimed' && (intent.leaseUntilAt ?? 0) > now) return { kind: 'leave' }
  if (pageStatus !== 'open') {
    // A claim whose lease ran out may well have been sent: its outcome is unknown, and saying so is the honest end.
    const reason =
      intent.status === 'claimed'
        ? `${pageStatus} before the outcome was known`
        : `${pageStatus} before it was sent`
    return { kind: 'cancel', reason }
  }
  if (intent.dueAt > now && intent.status === 'intended') return { kind: 'leave' }
  if (intent.attempt >= MOST_ATTEMPTS) {
    return {
      kind: 'cancel',
      reason: `given up after ${intent.attempt} attempts, the last of unknown outcome`,
    }
  }
  return {
    kind: 'send',
    attempt: intent.attempt + 1,
    leaseUntilAt: now + SEND_LEASE_MS,
    maybeRepeated: intent.status === 'claimed',
  }
}

export type SendResult =
  | { readonly kind: 'accepted'; readonly detail: string }
  | { readonly kind: 'refused'; readonly detail: string }
  /** `waitMs`: how long whoever answered asks us to wait, such as Retry-After says. */
  | { readonly kind: 'later'; readonly detail: string; readonly waitMs?: number }

export type Outcome =
  | { readonly kind: 'sent'; readonly detail: string }
  | { readonly kind: 'failed'; readonly detail: string }
  | { readonly kind: 'retry'; readonly dueAt: number; readonly detail: string }

/** A request to wait is granted, but nobody may keep a page waiting for longer than our own longest pause. */
const pauseAsked = (pauseMs: number, waitMs = 0): number =>
  Math.max(pauseMs, Math.min(waitMs, Math.max(...PAUSES_MS)))

/** @param attempt the number of the attempt that just ended, from 1 */
export const outcomeOf = (result: SendResult, attempt: number, now: number): Outcome => {
  switch (result.kind) {
    case 'accepted':
      return { kind: 'sent', detail: result.detail }
    case 'refused':
      return { kind: 'failed', detail: result.detail }
    case 'later': {
      const pause = PAUSES_MS[attempt - 1]
      return pause === undefined
        ? { kind: 'failed', detail: `given up after ${attempt} attempts: ${result.detail}` }
        : { kind: 'retry', dueAt: now + pauseAsked(pause, result.waitMs), detail: result.detail }
    }
  }
}
