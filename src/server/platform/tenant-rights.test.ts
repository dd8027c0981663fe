/** Which table the tenant role (contacts and integration keys) may reach, and how: a new table needs a decision here. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { testDatabase, type TestDatabase } from '../testing/test-database.ts'

/**
 * `own`: forced row-level security leaves the rows of the role's own customer (what a policy adds stands in its
 * migration). `all`: every row is the organisation's and names no customer. `none`: no right at all.
 */
type Decision = 'none' | `${'own' | 'all'}: ${string}`

const everything = 'own: select insert update delete'
const ACCOUNT_COLUMNS =
  'archived_at,created_at,customer_id,email,handle,id,kind,locale,name,password_changed_at,roles,zone'

const decisions: Readonly<Record<string, Decision>> = {
  // People. Password hashes are compared outside the role's sight.
  accounts: `own: select(${ACCOUNT_COLUMNS}) update(locale,name,password_changed_at,password_hash,zone)`,
  api_tokens: 'none',
  clusters: everything,
  // Keyed by ids that nobody guesses, and never read by the role.
  contact_codes: 'none',
  contact_methods: 'own: select(account_id,id,kind,removed_at,verified_at)',
  credential_uses: 'all: insert update',
  customers: 'own: select',
  environments: everything,
  integration_keys: everything,
  oidc_identities: 'own: select insert update',
  one_time_tokens: 'own: select insert update',
  passkeys: everything,
  sessions: 'own: select insert update',
  sign_in_tries: 'none',
  // Platform. Tasks hold references only; `on conflict` asks to read what it may replace.
  events: everything,
  event_bodies: everything,
  idempotency_keys: 'all: select(actor_key,claim,key) update(committed_at,reply)',
  installation: 'all: select',
  migrations: 'none',
  processes: 'none',
  tasks: 'all: select insert update delete',
  // Evidence: leaves are left, never read.
  audit_pack_progress: 'none',
  audit_packs: everything,
  erasures: 'none',
  ledger_checkpoints: 'none',
  ledger_contradictions: 'none',
  ledger_entries: 'none',
  ledger_heads: 'none',
  ledger_logs: 'own: select',
  ledger_pending: 'own: insert',
  ledger_sequencer: 'none',
  ledger_tiles: 'none',
  observation_marks: 'none',
  observation_processes: 'none',
  observation_windows: 'none',
  // Operations. Who of the staff is on call is the organisation's; an alert that comes in pages them.
  alarms: 'none',
  alert_lease_senders: 'own: select',
  alert_flaps: everything,
  alert_leases: 'own: select',
  // Whether they changed; what they say is read by the server itself.
  alert_policies: 'all: select(id,version)',
  alert_policy_faults: 'all: select insert update',
  // Rules are the staff's: their expressions tell how other tenants are watched.
  alert_rules: 'none',
  rule_set_environments: 'none',
  rule_sets: 'none',
  // Only people of the staff act on many.
  alert_bulks: 'none',
  alert_views: 'none',
  alert_attachments: everything,
  alert_receipts: everything,
  alert_sightings: 'own: select insert update',
  alerts: everything,
  blob_keys: 'none',
  blobs: everything,
  decisions: everything,
  absences: 'none',
  // The alert of a drill comes in as any does, and rings in that transaction; what people plan and say is theirs.
  drill_answers: 'none',
  drill_plans: 'none',
  drills: everything,
  duty_forwardings: 'all: select(account_id,from_at,id,removed_at,to_account_id,to_at)',
  escalation_policies: 'all: select',
  held_back_alerts: everything,
  heartbeat_pings: everything,
  heartbeats: everything,
  phone_calls: 'none',
  phone_lines: 'none',
  incident_alerts: everything,
  incidents: everything,
  log_attachments: everything,
  log_entries: everything,
  // Intake asks which last, and holds the one that keeps an alert quiet.
  maintenance_windows: everything,
  merged_alerts: everything,
  notification_rules: 'own: select',
  opsgenie_requests: 'own: select',
  paging_beat: 'none',
  page_alerts: everything,
  // What messages to the staff carried: the engine and the staff alone.
  page_bundle_alerts: 'none',
  page_bundle_pages: 'none',
  page_intents: everything,
  page_messages: 'none',
  page_sends: 'own: select',
  pages: everything,
  push_subscriptions: 'own: select(account_id,gone_at)',
  recording_chunks: everything,
  recording_cut_work: 'own: select',
  recording_cuts: everything,
  recording_progress: 'own: select',
  recording_replacements: everything,
  recordings: everything,
  response_times: everything,
  routing_rules: 'all: select',
  schedule_overrides: 'all: select',
  calendar_feeds: 'none',
  carrier_replies: 'none',
  hand_over_notes: 'none',
  schedules: 'all: select',
  shift_swaps: 'none',
  sent_alert_names: 'own: select',
  suppressed_alerts: everything,
  // Who is in a team that is on call, and what a key calls the team it wants told. No route lists either to a tenant.
  team_members: 'all: select',
  teams: 'all: select',
  service_hours: 'all: select',
}

let database: TestDatabase
let client: pg.Client
before(async () => {
  database = await testDatabase()
  client = new pg.Client({ connectionString: database.connectionString })
  await client.connect()
})
after(async () => {
  await client.end()
  await database.drop()
})

type Right = { name: string; confined: boolean; right: string; columns: string[]; of: number }

/** From the catalogue: every table and view, and on how many of its columns the role has which right. */
const rightsOf = async (): Promise<Record<string, Decision>> => {
  const { rows } = await client.query<Right>(`
    select c.relname as name, r.right,
           c.relrowsecurity and c.relforcerowsecurity
             and exists (select 1 from pg_policy p where p.polrelid = c.oid) as confined,
           array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                   and case when r.right in ('delete', 'truncate', 'trigger')
                            then has_table_privilege('fortnight_tenant', c.oid, r.right)
                            else has_column_privilege('fortnight_tenant', c.oid, a.attnum, r.right) end
                 order by 1) as columns,
           (select count(*)::int from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as of
    from pg_class c
      cross join unnest(array['select', 'insert', 'update', 'references', 'delete', 'truncate', 'trigger'])
        with ordinality as r ("right", n)
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
    order by c.relname, r.n`)
  const found: Record<string, Decision> = {}
  for (const [name, rights] of Map.groupBy(rows, (row) => row.name)) {
    const words = rights
      .filter(({ columns }) => columns.length > 0)
      .map(({ right, columns, of }) => (columns.length === of ? right : `${right}(${columns.join()})`))
    found[name] = words.length === 0 ? 'none' : `${rights[0]?.confined ? 'own' : 'all'}: ${words.join(' ')}`
  }
  return found
}

test('the tenant role has exactly the rights that were decided for each table, and each table has a decision', async () => {
  assert.deepEqual(await rightsOf(), decisions)
})

test('a table without a decision, a right more and a policy less are all noticed', async () => {
  for (const change of [
    'create table plans (id uuid)',
    'grant delete on schedules to fortnight_tenant',
    'grant update (host) on processes to fortnight_tenant',
    'grant truncate on tasks to fortnight_tenant',
    'grant select on ledger_entries to public',
    'alter table alerts no force row level security',
    'drop policy tenant on page_sends',
  ]) {
    await client.query('begin')
    await client.query(change)
    assert.notDeepEqual(await rightsOf(), decisions, change)
    await client.query('rollback')
  }
})

const ACME = '01890000-0000-7000-8000-0000000000a1'
const BOREALIS = '01890000-0000-7000-8000-0000000000b1'
/** Ids of rows that hang on acme's, on borealis' and on staff's: the last character tells. */
const idOf = (kind: string, whose: 'a' | 'b' | 'c'): string =>
  `01890000-0000-7000-8000-000000${kind}0${whose}`

const plant = async (): Promise<void> => {
  await client.query('set local session_replication_role = replica')
  for (const [whose, customer] of [
    ['a', ACME],
    ['b', BOREALIS],
  ] as const) {
    await client.query(
      `insert into alerts (id, customer_id, environment_id, fingerprint, status, priority, severity, name, summary,
         group_key, labels, annotations, starts_at, opened_at)
       values ($1, $2, $2, '', 'open', 1, '', '', '', '', '{}', '{}', 0, 0)`,
      [idOf('0001', whose), customer],
    )
    await client.query('insert into alert_sightings values ($1, 0, 1)', [idOf('0001', whose)])
    await client.query(
      `insert into page_intents (id, page_id, customer_id, environment_id, step, account_id, channel, status, intended_at)
       values ($1, $2, $2, $2, 0, $2, 'email', 'intended', 0)`,
      [idOf('0002', whose), customer],
    )
    await client.query('insert into page_sends values ($1, 0, 0)', [idOf('0002', whose)])
  }
  for (const [whose, customer] of [
    ['a', ACME],
    ['b', BOREALIS],
    ['c', null],
  ] as const) {
    const account = idOf('0003', whose)
    await client.query(
      `insert into accounts (id, kind, customer_id, handle, name, email, created_at)
       values ($1, $2, $3, $4, $4, $4, 0)`,
      [account, customer ? 'contact' : 'staff', customer, `account-${whose}`],
    )
    await client.query(
      `insert into one_time_tokens (token_hash, purpose, account_id, created_at, expires_at)
       values (decode($1, 'hex'), 'test', $2, 0, 0)`,
      [`0${whose}`, account],
    )
    await client.query(
      `insert into push_subscriptions (id, account_id, endpoint, p256dh, auth, user_agent, created_at)
       values ($1, $1, $2, '', '', '', 0)`,
      [account, `https://push.example.org/${whose}`],
    )
  }
}

test('what hangs on another customer, or on staff, is neither seen nor changed nor added to', async () => {
  await client.query('begin')
  await plant()
  await client.query(
    `select set_config('session_replication_role', 'origin', true),
            set_config('fortnight.customer_id', $1, true), set_config('role', 'fortnight_tenant', true)`,
    [ACME],
  )
  const column = async (statement: string, ...values: unknown[]): Promise<unknown[]> =>
    (await client.query({ text: statement, values, rowMode: 'array' })).rows.map(([value]) => value)
  assert.deepEqual(await column('select alert_id from alert_sightings'), [idOf('0001', 'a')])
  assert.deepEqual(await column('update alert_sightings set count = count + 1 returning alert_id'), [
    idOf('0001', 'a'),
  ])
  assert.deepEqual(await column('select intent_id from page_sends'), [idOf('0002', 'a')])
  assert.deepEqual(await column('select account_id from push_subscriptions'), [idOf('0003', 'c')])
  assert.deepEqual(await column(`select encode(token_hash, 'hex') from one_time_tokens`), ['0a'])
  for (const statement of [
    `insert into alert_sightings values ('${idOf('0009', 'b')}', 0, 1)`,
    `insert into alert_sightings values ('${idOf('0001', 'b')}', 0, 1) on conflict (alert_id) do update set count = 9`,
    `insert into one_time_tokens (token_hash, purpose, account_id, created_at, expires_at)
       values ('\\x0e', 'test', '${idOf('0003', 'c')}', 0, 0)`,
    'select endpoint from push_subscriptions',
    'select host from processes',
    'select reply from idempotency_keys',
    `update page_sends set attempt = 9`,
  ]) {
    await client.query('savepoint before')
    await assert.rejects(client.query(statement), { code: '42501' }, statement)
    await client.query('rollback to before')
  }
  await client.query('rollback')
})
