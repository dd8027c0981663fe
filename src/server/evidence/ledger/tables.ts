/** The ledger's tables as the query builder sees them. */
/** Where a head came from that this database does not hold. */
export type ContradictionSource = 'key-folder' | 'checkpoint' | 'handed-in'

declare module '../../platform/database.ts' {
  interface Tables {
    ledger_entries: { log_id: string; seq: number; id: string; leaf: Buffer; leaf_hash: Buffer; at: number }
    ledger_tiles: { log_id: string; level: number; idx: number; hashes: Buffer }
    ledger_sequencer: {
      one: boolean
      fence: number
      process_id: string
      elected_at: number
      seen_at: number
    }
    ledger_heads: {
      log_id: string
      size: number
      root: Buffer
      frontier: Buffer
      fence: number
      newest_at: number
      signed_size: number
      signed_at: number
      anchored_size: number
      anchored_at: number
    }
    ledger_checkpoints: { log_id: string; size: number; root: Buffer; note: string; signed_at: number }
    ledger_contradictions: {
      id: string
      log_id: string
      size: number
      root: Buffer
      source: ContradictionSource
      found_at: number
      recovered_event_id: string | null
    }
    observation_windows: {
      event_id: string
      log_id: string
      position: number
      kind: string
      count: number
      window: string
      sealed_at: number
    }
    observation_marks: { kind: string; log_id: string; process_id: string; last_number: number }
    observation_processes: { process_id: string; settled_at: number }
    erasures: {
      event_id: string
      digest: string
      field: string
      erased_at: number
      erased_by_event_id: string
    }
  }
}
