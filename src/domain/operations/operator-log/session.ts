/** A recorded shell and by what right it is used, prompt by prompt: to look, under a decision, or over a broken glass. */
import type { Refusal } from '../../refusal.ts'

/** By what right commands are typed. Looking needs none; it changes nothing. */
export type Authority =
  | { readonly kind: 'look' }
  | { readonly kind: 'decided'; readonly decisionId: string }
  | { readonly kind: 'break-glass'; readonly decisionId: string }

/** Holds from the prompt with this number on (the first is 0), until the next span's. */
export type Span = { readonly authority: Authority; readonly fromPrompt: number; readonly at: number }

/** What the Decision Log answered when asked whether a decision covers a change now. */
export type CoverAnswer = { readonly covered: true; readonly flagged: boolean } | Refusal

export type OpenPurpose =
  | { readonly kind: 'look' }
  | { readonly kind: 'change'; readonly decisionId: string; readonly cover: CoverAnswer }

/** What the operator says at the end; without it nobody knows whether looking was all. */
export type Declaration = {
  readonly at: number
  readonly summary: string
  readonly changedWhileLooking: boolean
}

export type SessionState = {
  readonly id: string
  readonly environmentId: string
  readonly operatorId: string
  readonly openedAt: number
  /** Recorded into a local spool because the server could not be reached, and told to it later. */
  readonly openedOffline: boolean
  readonly status: 'open' | 'abandoned' | 'closed'
  /** Never empty, by prompt. */
  readonly spans: readonly Span[]
  readonly promptsSeen: number
  readonly lastProgressAt: number
  readonly declaration: Declaration | null
}

export type SessionCommand =
  | {
      readonly kind: 'open'
      readonly sessionId: string
      readonly environmentId: string
      readonly operatorId: string
      readonly purpose: OpenPurpose
      /** When recording began, if the server could not be told at once; never later than now. */
      readonly offlineSinceAt?: number
    }
  /** A piece of the recording arrived. @property prompts how many prompts it has seen in all */
  | { readonly kind: 'progress'; readonly prompts: number }
  /** @property fromPrompt the number of the prompt at which the decision was attached */
  | {
      readonly kind: 'attach-decision'
      readonly decisionId: string
      readonly cover: CoverAnswer
      readonly fromPrompt: number
    }
  | { readonly kind: 'close'; readonly summary: string; readonly changedWhileLooking: boolean }
  /** @property silenceMs how long a recorder may be silent before its session counts as abandoned */
  | { readonly kind: 'abandon'; readonly silenceMs: number }

export type SessionEvent =
  | {
      readonly kind: 'session-opened'
      readonly sessionId: string
      readonly environmentId: string
      readonly operatorId: string
      readonly authority: Authority
      readonly at: number
      readonly offline: boolean
    }
  | { readonly kind: 'session-progressed'; readonly prompts: number; readonly at: number }
  /** The recorder came back after it had been given up: nothing it brings is refused. */
  | { readonly kind: 'session-resumed'; readonly prompts: number; readonly at: number }
  | ({ readonly kind: 'decision-attached' } & Span)
  | ({ readonly kind: 'session-closed' } & Declaration)
  | { readonly kind: 'session-abandoned'; readonly lastProgressAt: number; readonly at: number }

export type SessionRefusal = Refusal<
  | 'session-exists'
  | 'session-unknown'
  | 'session-closed'
  | 'decision-required'
  | 'prompt-passed'
  | 'summary-required'
  | 'still-recording'
>

/** A recorder sends at least its heartbeat every few seconds; a train through a tunnel is shorter than this. */
export const abandonAfterMs = 15 * 60_000
