/** What whoever gathers the rows has to hand over for a pack: the input of `buildPack`, and nothing computed twice. */

import type { NoteSignature, RangeEdges } from '../ledger/index.ts'

export type PackParts = {
  /** UUID of the pack. */
  readonly id: string
  /** Epoch milliseconds. */
  readonly createdAt: number
  /** Who asked, and what for, in words the auditor will read. */
  readonly requester: string
  readonly purpose: string
  /** [from, to) in epoch milliseconds. */
  readonly period: { readonly from: number; readonly to: number }
  /** For people: customer, environment, report number. */
  readonly scope: Readonly<Record<string, string>>
  /** The whole of README.html, self-contained. */
  readonly readme: string
  /** keys.txt: lines `log <vkey>`, `pack <vkey>`, `witness <name> <vkey>`, `quorum <name>`. */
  readonly keys: string
  /** Every actor of the entries whose name may be shown; names come from the directory, not from the log. */
  readonly actors: readonly { readonly actor: string; readonly name: string }[]
  readonly logs: readonly LogParts[]
  /** Further files, for example report.pdf; not under `log/` or `blobs/`. */
  readonly extra?: ReadonlyMap<string, Uint8Array>
}

/**
 * Entries [from, from + leaves.length) of one log.
 *
 * Choose the range one entry wider than the period at each end where the log has one: from the last entry dated before
 * the period to the first dated at or after its end. Without those the verifier cannot see that the cut is not inside.
 */
export type LogParts = {
  readonly logId: string
  /** Ends in `/` and the log id. */
  readonly origin: string
  readonly from: number
  /** The stored bytes, never rebuilt from columns. */
  readonly leaves: readonly Uint8Array[]
  /** `rangeEdges(from, from + leaves.length, size of the end checkpoint, …)`. */
  readonly edges: RangeEdges
  /** The newest signed checkpoint from before the period; absent when the log had none. */
  readonly startNote?: string
  /** A signed checkpoint of size >= from + leaves.length, with its cosignatures; best the newest. */
  readonly endNote: string
  /** From the start checkpoint's size (when it is neither 0 nor that of the end), and from heads others hold. */
  readonly consistency: readonly { readonly from: number; readonly proof: readonly Uint8Array[] }[]
  /** One for each digest of each leaf, and the disclosed ones of `later`. */
  readonly disclosures: readonly DisclosurePart[]
  /** One for each different blob hash of each leaf. */
  readonly blobs: readonly BlobPart[]
  /** Entries behind the range that erased, expired or redacted something in it. */
  readonly later: readonly {
    readonly index: number
    readonly leaf: Uint8Array
    readonly proof: readonly Uint8Array[]
  }[]
  /** Rows behind sealed windows that may be shown, by entry id. */
  readonly observations: ReadonlyMap<
    string,
    readonly { readonly process: string; readonly number: number; readonly bytes: Uint8Array }[]
  >
}

/** @property name what the field is called, for fields that are not shown: a claim the verifier repeats as such */
export type DisclosurePart =
  | { readonly state: 'disclosed'; readonly entry: string; readonly text: string }
  | { readonly state: 'withheld'; readonly entry: string; readonly digest: string; readonly name?: string }
  | {
      readonly state: 'erased' | 'expired'
      readonly entry: string
      readonly digest: string
      /** Index of the entry that says so. */
      readonly by: number
      readonly name?: string
    }

export type BlobPart =
  | { readonly state: 'present'; readonly entry: string; readonly h: string; readonly bytes: Uint8Array }
  | { readonly state: 'withheld'; readonly entry: string; readonly h: string }
  | { readonly state: 'erased' | 'expired'; readonly entry: string; readonly h: string; readonly by: number }
  | {
      readonly state: 'redacted'
      readonly entry: string
      readonly h: string
      readonly by: number
      /** The chunk that stands in its place. */
      readonly bytes: Uint8Array
    }

/** Signs the two lines of manifest.note. */
export type SignManifest = (noteText: string) => readonly NoteSignature[]
