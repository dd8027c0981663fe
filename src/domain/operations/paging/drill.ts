/** A drill: an alert that nothing caused rings through the whole path, so that the path is known to hold before it is needed. */
import { refuse, type Refusal } from '../../refusal.ts'
import { day, hour, minute } from '../../time/instant.ts'

/** Nobody has it by then: missed. Long enough for a second step, short enough to be about this morning. */
export const TAKEN_WITHIN_MS = 15 * minute
/** A week, an hour for a clock that goes back, and one for the drill itself: what is drilled weekly stays proven. */
export const PROVEN_FOR_MS = 7 * day + 2 * hour
/** How long an app that woke somebody counts as one that does: telephones are set up anew more often than that. */
export const WOKE_FOR_MS = 30 * day

/** @property whom the account that alone is rung; null: whoever routing and policy mean */
export type DrillState = {
  readonly status: 'none' | 'asked' | 'ringing' | 'proved' | 'missed'
  readonly whom: string | null
  /** By when it must be taken. */
  readonly dueAt: number
}

export type DrillCommand =
  | { readonly kind: 'ask'; readonly whom: string | null }
  /** Its alert came in and rings. */
  | { readonly kind: 'ring' }
  | { readonly kind: 'take'; readonly by: string }
  /** Nobody has it, or nothing rang at all. */
  | { readonly kind: 'expire' }

export type DrillEvent =
  | { readonly kind: 'asked'; readonly whom: string | null; readonly dueAt: number }
  | { readonly kind: 'rang' }
  | { readonly kind: 'proved'; readonly by: string }
  | { readonly kind: 'missed'; readonly why: DrillMissed }

export type DrillMissed = 'nothing-rang' | 'nobody-took-it' | 'taken-by-another'
export type DrillRefusal = Refusal<'drill-over' | 'drill-exists' | 'drill-not-due'>

export const noDrill: DrillState = { status: 'none', whom: null, dueAt: 0 }

const isOver = ({ status }: DrillState): boolean => status === 'proved' || status === 'missed'

export const decideDrill = (
  state: DrillState,
  command: DrillCommand,
  now: number,
): readonly DrillEvent[] | DrillRefusal => {
  if (command.kind === 'ask') {
    if (state.status !== 'none') return refuse('drill-exists', 'This drill was asked for before.')
    return [{ kind: 'asked', whom: command.whom, dueAt: now + TAKEN_WITHIN_MS }]
  }
  if (isOver(state)) return refuse('drill-over', 'This drill is over.')
  switch (command.kind) {
    case 'ring':
      return state.status === 'asked' ? [{ kind: 'rang' }] : []
    case 'take':
      // Somebody else's hand says nothing about whether it reached the one who was meant.
      return state.whom !== null && state.whom !== command.by
        ? [{ kind: 'missed', why: 'taken-by-another' }]
        : [{ kind: 'proved', by: command.by }]
    case 'expire':
      if (now < state.dueAt) return refuse('drill-not-due', 'This drill may still be taken.')
      return [{ kind: 'missed', why: state.status === 'asked' ? 'nothing-rang' : 'nobody-took-it' }]
  }
}

export const applyDrill = (state: DrillState, event: DrillEvent): DrillState => {
  switch (event.kind) {
    case 'asked':
      return { status: 'asked', whom: event.whom, dueAt: event.dueAt }
    case 'rang':
      return { ...state, status: 'ringing' }
    case 'proved':
      return { ...state, status: 'proved' }
    case 'missed':
      return { ...state, status: 'missed' }
  }
}

/** @param provenAt when a page, drilled or real, last went all the way to an acknowledgement; null: never */
export const isProven = (provenAt: number | null, now: number): boolean =>
  provenAt !== null && provenAt + PROVEN_FOR_MS > now
