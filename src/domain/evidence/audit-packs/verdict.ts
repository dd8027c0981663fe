/** What a verification says: what contradicts, what is lacking, what is worth knowing, and the fate of every field. */

import type { JsonValue, Leaf } from '../ledger/index.ts'
import type { Manifest } from './format.ts'

/** @property where the file or entry it is about */
export type Finding = { readonly code: string; readonly detail: string; readonly where?: string }

/** Erased, expired and redacted by the entry at index `by`, which says so itself. */
export type FieldVerdict =
  | { readonly state: 'disclosed'; readonly digest: string; readonly name: string; readonly value: JsonValue }
  | { readonly state: 'withheld'; readonly digest: string; readonly claimedName?: string }
  | {
      readonly state: 'erased' | 'expired'
      readonly digest: string
      readonly by: number
      readonly claimedName?: string
    }
  | { readonly state: 'missing'; readonly digest: string }

export type BlobVerdict =
  | { readonly state: 'present' | 'withheld' | 'missing'; readonly h: string; readonly kind: string }
  | { readonly state: 'erased' | 'expired'; readonly h: string; readonly kind: string; readonly by: number }
  | {
      readonly state: 'redacted'
      readonly h: string
      readonly kind: string
      readonly by: number
      readonly with: string
    }

export type EntryVerdict = {
  readonly index: number
  readonly leaf: Leaf
  readonly fields: readonly FieldVerdict[]
  readonly blobs: readonly BlobVerdict[]
}

export type LogVerdict = {
  readonly log: string
  readonly origin: string
  readonly from: number
  readonly to: number
  readonly start: number
  readonly end: number
  /** Base64 root of the signed end, once verified to be the one the entries lead to. */
  readonly provedRoot?: string
  /** Key names that signed the end checkpoint; trusted ones only when a policy was given. */
  readonly signers: readonly string[]
  readonly cosigners: readonly { readonly name: string; readonly cosignedAt: number }[]
  readonly periodEnd: 'bounded-by-entry' | 'end-of-log' | 'not-bounded'
  readonly entries: readonly EntryVerdict[]
}

export type Verdict = {
  readonly outcome: 'ok' | 'tampered' | 'incomplete'
  /** True when a policy was given; without one no signer can be trusted. */
  readonly policyGiven: boolean
  readonly manifest?: Manifest
  readonly manifestSigners: readonly string[]
  /** Contradictions: any makes the pack tampered. */
  readonly faults: readonly Finding[]
  /** Things not established: any keeps the pack from being ok. */
  readonly gaps: readonly Finding[]
  /** Worth knowing, without effect on the outcome. */
  readonly notes: readonly Finding[]
  readonly logs: readonly LogVerdict[]
}

/** Where the checks write what they find. */
export type Findings = { readonly faults: Finding[]; readonly gaps: Finding[]; readonly notes: Finding[] }

export const noFindings = (): Findings => ({ faults: [], gaps: [], notes: [] })

export const finding = (code: string, detail: string, where?: string): Finding =>
  where === undefined ? { code, detail } : { code, detail, where }
