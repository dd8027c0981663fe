/** Receipts as the ledger seals them: who sent what when, by digest of the bytes, and which alerts were in it. */
import { canonicalJson, timestampOf, utf8 } from '../../../domain/evidence/ledger/index.ts'
import { defineObservations } from '../../platform/observations.ts'
import type { ReceiptRow } from './store.ts'

/**
 * `alerts` is base64 of nine bytes an alert: its fingerprint (8) and 1 firing or 0 resolved; `digest` is the SHA-256 of
 * the request's body; `key` the integration key it came with.
 */
export const receiptBytes = (row: ReceiptRow): Uint8Array =>
  utf8(
    canonicalJson({
      v: 1,
      at: timestampOf(row.received_at),
      alerts: row.fingerprints.toString('base64'),
      digest: row.digest.toString('hex'),
      key: row.key_id,
    }),
  )

defineObservations({
  name: 'alert-receipts',
  table: 'alert_receipts',
  atColumn: 'received_at',
  bytesOf: (row) => receiptBytes(row as unknown as ReceiptRow),
})
