/** An alert as OpsGenie's clients read it. */
import type { OpsGenieAlert, OpsGenieAlertInFull } from '../../../contract/compat/opsgenie.ts'
import type { SentAlertRow } from '../../operations/alerts/environment-store.ts'
import type { PersonName } from '../../people/accounts/store.ts'
import { fingerprintOf } from '../fingerprint.ts'
import { tinyIdOf } from '../../../domain/operations/alerts/tiny-id.ts'

const iso = (at: number): string => new Date(at).toISOString()

/** What came by another way has no alias of its own; an alert without one is called by its id, as in OpsGenie. */
export const aliasOf = ({ id, annotations }: Pick<SentAlertRow, 'id' | 'annotations'>): string =>
  annotations['alias'] || id

type Names = ReadonlyMap<string, PersonName>

/** Accounts whose names an alert is presented with. */
export const peopleOfAlert = (row: SentAlertRow): string[] =>
  [row.owner_id, row.acknowledged_by].filter((id) => id !== null)

/**
 * People are called by their handles: the key of a cluster is no reason to read their e-mail addresses.
 * @param keyId who asks: the alerts it sent itself name it as their integration
 */
export const presentOpsGenieAlert = (row: SentAlertRow, keyId: string, names: Names): OpsGenieAlert => {
  const handleOf = (id: string | null): string => (id === null ? '' : (names.get(id)?.handle ?? ''))
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
    tags: row.tags,
    snoozed: row.snoozed_until_at !== null,
    ...(row.snoozed_until_at === null ? {} : { snoozedUntil: iso(row.snoozed_until_at) }),
    count: row.count ?? 1,
    lastOccurredAt: iso(lastOccurredAt),
    createdAt: iso(row.opened_at),
    updatedAt: iso(Math.max(lastOccurredAt, row.acknowledged_at ?? 0, row.closed_at ?? 0)),
    source: row.generator_url ?? row.annotations['source'] ?? '',
    owner: handleOf(row.owner_id),
    priority: `P${row.priority}` as OpsGenieAlert['priority'],
    teams: [],
    responders: [],
    ...(isOwn ? { integration: { id: keyId, name: 'Fortnight', type: 'API' } } : {}),
    report: {
      ...(row.acknowledged_at === null
        ? {}
        : {
            ackTime: row.acknowledged_at - row.opened_at,
            acknowledgedBy: handleOf(row.acknowledged_by),
          }),
      ...(row.closed_at === null ? {} : { closeTime: row.closed_at - row.opened_at }),
    },
  }
}

export const presentOpsGenieAlertInFull = (
  row: SentAlertRow,
  keyId: string,
  names: Names,
): OpsGenieAlertInFull => ({
  ...presentOpsGenieAlert(row, keyId, names),
  actions: [],
  entity: row.annotations['entity'] ?? '',
  description: row.annotations['description'] ?? '',
  details: row.labels,
})
