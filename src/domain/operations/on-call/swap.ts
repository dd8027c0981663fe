/** A swap: one engineer asks another to take a shift, or to trade two. Nothing moves until the other accepts. */
import { refuse, type Refusal } from '../../refusal.ts'
import type { Interval } from '../../time/interval.ts'

/**
 * What one gives and the other takes: the giver's hours of one rotation.
 * @property whole one whole turn, which it follows where the rota moves that turn
 */
export type SwapLeg = Interval & {
  readonly rotationId: string
  readonly giverId: string
  readonly takerId: string
  readonly whole: boolean
}

export type SwapStatus = 'offered' | 'accepted' | 'declined' | 'withdrawn' | 'expired' | 'void'
/** Why an agreement, or a question, came to nothing without either of the two. */
export type VoidReason = 'shift-gone' | 'override-removed' | 'schedule-archived'

/** @property legs one that is offered; or two that are traded, the asker's own first */
export type SwapState = {
  readonly status: SwapStatus
  readonly askedBy: string
  readonly askedOf: string
  readonly legs: readonly SwapLeg[]
}

export type SwapCommand =
  | { readonly kind: 'accept'; readonly by: string }
  | { readonly kind: 'decline'; readonly by: string }
  /** `isSteward`: whoever may change rotas takes questions of others back. */
  | { readonly kind: 'withdraw'; readonly by: string; readonly isSteward: boolean }
  | { readonly kind: 'expire' }
  /** The rota changed: where the shifts are now; or why there is nothing to follow. */
  | { readonly kind: 'follow'; readonly legs: readonly SwapLeg[] }
  | { readonly kind: 'void'; readonly why: VoidReason }

export type SwapEvent =
  | { readonly kind: 'accepted' | 'declined' | 'withdrawn' | 'expired' }
  | { readonly kind: 'moved'; readonly legs: readonly SwapLeg[] }
  | { readonly kind: 'voided'; readonly why: VoidReason }

export type SwapRefusal = Refusal<'swap-not-yours' | 'swap-over' | 'swap-agreed' | 'swap-begun'>

/** When the first of the shifts begins: until then it can be accepted. */
export const beginOf = ({ legs }: Pick<SwapState, 'legs'>): number =>
  Math.min(...legs.map(({ from }) => from))
export const endOf = ({ legs }: Pick<SwapState, 'legs'>): number => Math.max(...legs.map(({ to }) => to))

const isSame = (one: SwapLeg | undefined, other: SwapLeg | undefined): boolean =>
  one?.from === other?.from && one?.to === other?.to && one?.rotationId === other?.rotationId

const over = (status: SwapStatus): SwapRefusal => {
  switch (status) {
    case 'offered':
    case 'accepted':
      return refuse(
        'swap-agreed',
        'Both agreed to this swap. Ask for a swap back, or take its override away.',
      )
    case 'declined':
      return refuse('swap-over', 'This swap was declined. Ask again.')
    case 'withdrawn':
      return refuse('swap-over', 'This swap was taken back by who asked for it.')
    case 'expired':
      return refuse('swap-over', 'Nobody answered before the shift began: whoever had it kept it.')
    case 'void':
      return refuse('swap-over', 'The rota was changed and this shift is not there any more.')
  }
}

const mine = (): SwapRefusal => refuse('swap-not-yours', 'Only whoever was asked answers this swap.')

/** @returns no event where it is so already: whoever presses twice agreed once */
export const decideSwap = (
  state: SwapState,
  command: SwapCommand,
  now: number,
): readonly SwapEvent[] | SwapRefusal => {
  const { status } = state
  switch (command.kind) {
    case 'accept':
      if (command.by !== state.askedOf) return mine()
      if (status === 'accepted') return []
      if (status !== 'offered') return over(status)
      if (beginOf(state) <= now)
        return refuse('swap-begun', 'The shift has begun: whoever has it keeps it. Add an override instead.')
      return [{ kind: 'accepted' }]
    case 'decline':
      if (command.by !== state.askedOf) return mine()
      if (status === 'declined') return []
      return status === 'offered' ? [{ kind: 'declined' }] : over(status)
    case 'withdraw':
      if (command.by !== state.askedBy && !command.isSteward)
        return refuse('swap-not-yours', 'Only whoever asked for this swap takes it back.')
      if (status === 'withdrawn') return []
      return status === 'offered' ? [{ kind: 'withdrawn' }] : over(status)
    case 'expire':
      return status === 'offered' && beginOf(state) <= now ? [{ kind: 'expired' }] : []
    case 'follow': {
      if (status !== 'offered' && status !== 'accepted') return []
      if (state.legs.every((leg, place) => isSame(leg, command.legs[place]))) return []
      const moved = { kind: 'moved' as const, legs: command.legs }
      const isLate = status === 'offered' && beginOf(command) <= now
      return isLate ? [moved, { kind: 'expired' }] : [moved]
    }
    case 'void':
      return status === 'offered' || status === 'accepted' ? [{ kind: 'voided', why: command.why }] : []
  }
}

export const applySwap = (state: SwapState, event: SwapEvent): SwapState => {
  switch (event.kind) {
    case 'moved':
      return { ...state, legs: event.legs }
    case 'voided':
      return { ...state, status: 'void' }
    default:
      return { ...state, status: event.kind }
  }
}
