/** What the auditor of paging looks for: promises and steps past their time, with nothing to show for it. */
import type { IntentState } from './intent.ts'
import type { PageState } from './page.ts'

/** @property sinceAt when it should have happened, epoch milliseconds */
export type Lateness = {
  readonly what: 'not-claimed' | 'sender-vanished' | 'step-not-begun'
  readonly sinceAt: number
}

const lateSince = (what: Lateness['what'], sinceAt: number, now: number, graceMs: number): Lateness | null =>
  sinceAt + graceMs < now ? { what, sinceAt } : null

/** @param graceMs how long the engine may take before it is suspected */
export const intentLateness = (
  { status, dueAt, leaseUntilAt }: IntentState,
  now: number,
  graceMs: number,
): Lateness | null => {
  switch (status) {
    case 'intended':
      return lateSince('not-claimed', dueAt, now, graceMs)
    case 'claimed':
      return lateSince('sender-vanished', leaseUntilAt ?? dueAt, now, graceMs)
    case 'sent':
    case 'failed':
    case 'cancelled':
      return null
  }
}

export const stepLateness = (
  { status, nextStepAt }: Pick<PageState, 'status' | 'nextStepAt'>,
  now: number,
  graceMs: number,
): Lateness | null =>
  status === 'open' && nextStepAt !== null ? lateSince('step-not-begun', nextStepAt, now, graceMs) : null
