/** What the auditor looks at: one consistent picture of the database, in its own words. */
import type { DutyFinding } from '../../domain/operations/paging/duty-check.ts'

export type UnfinishedIntent = {
  readonly pageId: string
  readonly attempt: number
  readonly dueAt: number
  readonly leaseUntilAt: number | null
}

export type OpenPage = {
  readonly id: string
  readonly requestedAt: number
  readonly nextStepAt: number | null
  /** A mail or a push was accepted for somebody. */
  readonly told: boolean
}

export type SeenProcess = {
  readonly host: string
  readonly roles: readonly string[]
  readonly startedAt: number
  readonly seenAt: number
  readonly stoppedAt: number | null
  readonly clockOffsetMs: number
}

export type Administrator = {
  readonly name: string
  readonly email: string
  readonly locale: string
  readonly zone: string
}

export type MissedDrill = {
  readonly id: string
  readonly environment: string
  /** Null for one by routing and policy. */
  readonly person: string | null
  readonly endedAt: number
}

export type Snapshot = {
  /** After a restore nothing is sent until somebody has looked: that is meant, and no fault. */
  readonly held: boolean
  readonly intents: readonly UnfinishedIntent[]
  readonly openPages: readonly OpenPage[]
  readonly parked: readonly { readonly kind: string; readonly count: number; readonly sinceAt: number }[]
  /** Age of what is committed and not yet in the ledger; null when nothing waits. */
  readonly oldestActAt: number | null
  readonly oldestReceiptAt: number | null
  readonly processes: readonly SeenProcess[]
  /** Members of staff whom nothing but mail reaches, where alerts can arrive at all. */
  readonly peopleOnMailAlone: number
  readonly administrators: readonly Administrator[]
  /** When the engine last claimed something that was due; null before the first time. */
  readonly beatAt: number | null
  /** What the engine's last check of duty found. */
  readonly duty: readonly DutyFinding[]
  /** Of the last week, with no later drill of the same kind that was taken. */
  readonly missedDrills: readonly MissedDrill[]
}
