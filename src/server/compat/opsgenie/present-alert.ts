/** An alert as OpsGenie's clients read it. */
import type { OpsGenieAlert, OpsGenieAlertInFull } from '../../../contract/compat/opsgenie.ts'
import { tagsOf } from '../../../domain/operations/alerts/alert-from-opsgenie.ts'
import type { SentAlertRow } from '../../operations/alerts/environment-store.ts'
import { fingerprintOf } from '../fingerprint.ts'
import { tinyIdOf } from './tiny-id.ts'

const iso = (at: number): string => new Date(at).toISOString()

/** What came by another way has no alias of its own; an alert without one is called by its id, as in OpsGenie. */
export const aliasOf = ({ id, annotations }: Pick<SentAlertRow, 'id' | 'annotations'>): string =>
  annotations['alias'] || id

/** @param keyId who asks: the alerts it sent itself name it as their integration */
export const presentOpsGenieAlert = (row: SentAlertRow, keyId: string): OpsGenieAlert => {
  const lastOccurredAt = Math.max(row.opened_at, row.last_seen_at ?? 0)
  const alias = aliasOf(row)
  const isOwn = row.fingerprint === fingerprintOf('opsgenie', keyId, alias)
  return {
    id: row.id,
    tinyId: tinyIdOf(row.id),
    alias,
    message: row.summary,
    status: row.status === 'closed' ? 'closed' : 'open',
    acknowledged: row.acknowledged_at !== null,
    isSeen: row.acknowledged_at !== null,
    tags: tagsOf(row.annotations),
    snoozed: false,
    count: row.count ?? 1,
    lastOccurredAt: iso(lastOccurredAt),
    createdAt: iso(row.opened_at),
    updatedAt: iso(Math.max(lastOccurredAt, row.acknowledged_at ?? 0, row.closed_at ?? 0)),
    source: row.generator_url ?? row.annotations['source'] ?? '',
    owner: '',
    priority: `P${row.priority}` as OpsGenieAlert['priority'],
    teams: [],
    responders: [],
    ...(isOwn ? { integration: { id: keyId, name: 'Fortnight', type: 'API' } } : {}),
    report: {
      ...(row.acknowledged_at === null ? {} : { ackTime: row.acknowledged_at - row.opened_at }),
      ...(row.closed_at === null ? {} : { closeTime: row.closed_at - row.opened_at }),
    },
  }
}

export const presentOpsGenieAlertInFull = (row: SentAlertRow, keyId: string): OpsGenieAlertInFull => ({
  ...presentOpsGenieAlert(row, keyId),
  actions: [],
  entity: row.annotations['entity'] ?? '',
  description: row.annotations['description'] ?? '',
  details: row.labels,
})
