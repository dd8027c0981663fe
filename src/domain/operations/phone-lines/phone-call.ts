/** A call that came in on a line of the team: it rings at one after the other who is on call, until somebody takes it or nobody is left. */
import type { AlertFromSource } from '../alerts/alert-from-alertmanager.ts'
import { alertGroupKey } from '../alerts/alert-group.ts'
import type { Priority } from '../alerts/priority.ts'
import { refuse, type Refusal } from '../../refusal.ts'

/** Somebody who can be rung: the proven way is named, never the number. */
export type Candidate = { readonly accountId: string; readonly methodId: string }

export type PhoneCall = {
  readonly status: 'ringing' | 'taken' | 'missed'
  readonly candidates: readonly Candidate[]
  /** Whose phone rings: a place in `candidates`. */
  readonly position: number
  readonly takenBy: string | null
}

export type CallCommand =
  /** It rang at this place, and nobody took it there: no answer, busy, or a machine that pressed no key. */
  | { readonly kind: 'pass-on'; readonly position: number }
  | { readonly kind: 'take'; readonly position: number }
  /** The caller has hung up, or waited longer than it can ring. */
  | { readonly kind: 'give-up' }

export type CallEvent =
  | { readonly kind: 'passed-on'; readonly position: number }
  | { readonly kind: 'taken'; readonly accountId: string }
  | { readonly kind: 'missed' }

/** More would keep the caller waiting for minutes: who is not reached by then is paged. */
export const MOST_RUNG = 6

export const ringing = (candidates: readonly Candidate[]): PhoneCall => ({
  status: 'ringing',
  candidates: candidates.slice(0, MOST_RUNG),
  position: 0,
  takenBy: null,
})

/** @returns what follows; nothing for what was reported before, in whatever order it arrives */
export const decideCall = (
  call: PhoneCall,
  command: CallCommand,
): readonly CallEvent[] | Refusal<'call-over' | 'call-elsewhere'> => {
  if (command.kind === 'take') {
    const candidate = call.candidates[command.position]
    if (call.status === 'taken' && call.takenBy === candidate?.accountId) return []
    if (call.status !== 'ringing') return refuse('call-over', 'This call is over, or somebody else has it.')
    if (candidate === undefined || command.position !== call.position)
      return refuse('call-elsewhere', 'This call rings at somebody else by now.')
    return [{ kind: 'taken', accountId: candidate.accountId }]
  }
  if (call.status !== 'ringing') return []
  if (command.kind === 'give-up') return [{ kind: 'missed' }]
  if (command.position !== call.position) return []
  const next = call.position + 1
  return next < call.candidates.length ? [{ kind: 'passed-on', position: next }] : [{ kind: 'missed' }]
}

export const applyCall = (call: PhoneCall, event: CallEvent): PhoneCall => {
  switch (event.kind) {
    case 'passed-on':
      return { ...call, position: event.position }
    case 'taken':
      return { ...call, status: 'taken', takenBy: event.accountId }
    case 'missed':
      return { ...call, status: 'missed' }
  }
}

/** Milliseconds after which a call that nobody reports on any more is over: all rings, and a minute for the way between. */
export const longestCallMs = ({ candidates }: PhoneCall, ringSeconds: number): number =>
  (candidates.length * (ringSeconds + 10) + 60) * 1_000

/** @param from as the network tells it, or '' */
export const alertOfMissedCall = (
  line: { readonly name: string; readonly priority: Priority },
  { fingerprint, from, now }: { readonly fingerprint: string; readonly from: string; readonly now: number },
): AlertFromSource => {
  const labels = { alertname: 'CallUnanswered', line: line.name, ...(from === '' ? {} : { caller: from }) }
  return {
    status: 'firing',
    fingerprint,
    labels,
    annotations: {},
    severity: '',
    priority: line.priority,
    name: labels.alertname,
    summary: `Nobody answered a call from ${from || 'a hidden number'} on ${line.name}`,
    // Each caller is a trouble of their own.
    groupKey: alertGroupKey({ group: `call ${fingerprint}` }),
    startsAt: now,
    endsAt: null,
    generatorUrl: undefined,
    leniencies: [],
  }
}
