/** What must be true after any play, asked of the database itself: the invariants of ARCHITECTURE.md. */
import type { Questions } from './question-store.ts'

export type Broken = { readonly invariant: string; readonly found: readonly unknown[] }

const rules: readonly (readonly [invariant: string, sql: string])[] = [
  [
    'every page intent that had its time ends in an outcome',
    `select id from page_intents where status = 'intended' and coalesce(due_at, intended_at) < $1::bigint - 3600000`,
  ],
  [
    'no send is claimed after the acknowledgement',
    `select i.id from page_intents i join pages p on p.id = i.page_id
     where i.status = 'sent' and i.channel <> 'screen' and p.acknowledged_at is not null and not i.unless_closed
       and i.intended_at > p.acknowledged_at`,
  ],
  [
    'every act has its ledger leaf',
    `select e.id from events e join event_bodies b on b.event_id = e.id where not exists (select 1 from ledger_pending p where p.id = e.id) and not exists (select 1 from ledger_entries l where l.id = e.id)`,
  ],
  [
    'event versions of a stream have no gap',
    `select stream_id from events group by stream_id having max(version) <> count(*) or min(version) <> 1`,
  ],
  [
    'an alert that pages has a page',
    `select a.id from alerts a where a.priority <= 2 and not exists (select 1 from page_alerts pa where pa.alert_id = a.id)`,
  ],
  [
    'numbers of decisions have no gap',
    `select environment_id from decisions group by environment_id having max(number) <> count(*)`,
  ],
  [
    'a closed session has its Operator Log entry',
    `select id from recordings where status = 'closed' and log_entry_id is null`,
  ],
  [
    'a change has a decision, or a glass that owes one',
    `select id from recordings where kind <> 'look' and decision_id is null`,
  ],
  [
    'every chunk of a closed session is named by an act',
    `select r.id from recordings r join recording_progress p on p.recording_id = r.id where r.status = 'closed' and p.anchored_chunks <> p.next_chunk`,
  ],
  [
    'an alert belongs to the environment of its page',
    `select pa.alert_id from page_alerts pa join pages p on p.id = pa.page_id join alerts a on a.id = pa.alert_id where a.environment_id <> p.environment_id`,
  ],
  ['no task was given up', `select id, kind, last_error from tasks where parked_at is not null`],
]

export const brokenInvariants = async ({ ask }: Questions, now: number): Promise<Broken[]> => {
  const broken: Broken[] = []
  for (const [invariant, sql] of rules) {
    const found = await ask<unknown>(sql, sql.includes('$1') ? [now] : [])
    if (found.length > 0) broken.push({ invariant, found: found.slice(0, 5) })
  }
  return broken
}

/** Alerts that were answered 2xx and are not there: must be none. */
export const missingAlerts = async (
  { ask }: Questions,
  accepted: readonly { environment: string; fingerprint: string }[],
): Promise<string[]> => {
  const rows = await ask<{ key: string }>(
    `select e.slug || '/' || a.fingerprint as key from alerts a join environments e on e.id = a.environment_id`,
  )
  const known = new Set(rows.map((row) => row.key))
  return accepted
    .map(({ environment, fingerprint }) => `${environment}/${fingerprint}`)
    .filter((key) => !known.has(key))
}
