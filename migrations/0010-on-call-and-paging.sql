-- On call, alerts and pages: from a machine's signal to a person who knows.

-- definition: { layers }, as the rules read it (domain/operations/on-call); version counts definitions.
create table schedules (
  id          uuid primary key,
  slug        text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name        text not null,
  definition  jsonb not null,
  version     integer not null default 1,
  archived_at bigint,
  created_at  bigint not null
);
comment on table schedules is 'class: projection';

-- position is given out under a lock on the schedule: where two overlap the later one wins, whoever added it from where.
-- Who added it and why are words of the event. Removed while under way it was in force until then.
create table schedule_overrides (
  id             uuid primary key,
  schedule_id    uuid not null references schedules (id),
  position       integer not null,
  account_id     uuid references accounts (id),
  from_at        bigint not null,
  to_at          bigint not null check (to_at > from_at),
  added_event_id uuid not null,
  created_at     bigint not null,
  removed_at     bigint,
  unique (schedule_id, position)
);
comment on table schedule_overrides is 'class: projection';
create index schedule_overrides_by_end on schedule_overrides (schedule_id, to_at);

-- definition: { steps, fallback }. The one with the slug 'default' serves every environment that names none.
create table escalation_policies (
  id          uuid primary key,
  slug        text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name        text not null,
  definition  jsonb not null,
  version     integer not null default 1,
  archived_at bigint,
  created_at  bigint not null
);
comment on table escalation_policies is 'class: projection';

-- One row a received request: what came, how many alerts, the digest of the bytes. Numbered without gaps by the process
-- that received it, for each environment from 1 on, and sealed into the ledger by window.
create table alert_receipts (
  process_id     uuid not null,
  number         bigint not null,
  received_at    bigint not null,
  customer_id    uuid not null,
  environment_id uuid not null,
  key_id         uuid not null,
  alert_count    integer not null,
  -- 8-byte fingerprints, one after another, and one byte each: 1 firing, 0 resolved.
  fingerprints   bytea not null,
  digest         bytea not null,
  primary key (environment_id, process_id, number)
);
comment on table alert_receipts is 'class: observation';
create index alert_receipts_by_age on alert_receipts (received_at);
create index alert_receipts_by_environment on alert_receipts (environment_id, received_at desc);

create table alerts (
  id              uuid primary key,
  customer_id     uuid not null,
  environment_id  uuid not null,
  fingerprint     text not null,
  status          text not null check (status in ('open', 'acknowledged', 'closed')),
  priority        smallint not null check (priority between 1 and 5),
  severity        text not null,
  name            text not null,
  summary         text not null,
  group_key       text not null,
  labels          jsonb not null,
  annotations     jsonb not null,
  generator_url   text,
  leniencies      text[] not null default '{}',
  starts_at       bigint not null,
  opened_at       bigint not null,
  acknowledged_at bigint,
  closed_at       bigint,
  closed_by       text check (closed_by in ('source', 'person')),
  foreign key (environment_id, customer_id) references environments (id, customer_id)
);
comment on table alerts is 'class: projection';
-- One open alert per environment and fingerprint: two clusters with equal rules never meet in one row.
create unique index alerts_open on alerts (environment_id, fingerprint) where status <> 'closed';
create index alerts_recent on alerts (opened_at desc, id desc);
create index alerts_recent_not_closed on alerts (opened_at desc, id desc) where status <> 'closed';

-- How often and when last an open alert was repeated; recounted from receipts if ever in doubt.
create table alert_sightings (
  alert_id     uuid primary key,
  last_seen_at bigint not null,
  count        bigint not null
);
comment on table alert_sightings is 'class: machinery';
alter table alert_sightings set (fillfactor = 50);

create table pages (
  id              uuid primary key,
  customer_id     uuid not null,
  environment_id  uuid not null,
  status          text not null check (status in ('open', 'acknowledged', 'resolved')),
  priority        smallint not null check (priority between 1 and 5),
  group_key       text not null,
  title           text not null,
  -- Set when people asked for help in an incident: such a page ends with the incident, not with an alert.
  incident_id     uuid,
  -- The lifecycle's state as the rules keep it (domain/operations/paging), with the policy frozen at the request.
  state           jsonb not null,
  nobody_on_call  boolean not null default false,
  requested_at    bigint not null,
  acknowledged_at bigint,
  acknowledged_by uuid references accounts (id),
  resolved_at     bigint,
  foreign key (environment_id, customer_id) references environments (id, customer_id)
);
comment on table pages is 'class: projection';
create index pages_recent on pages (requested_at desc, id desc);
create index pages_unresolved on pages (environment_id) where status <> 'resolved';

create table page_alerts (
  page_id     uuid not null references pages (id),
  alert_id    uuid not null,
  customer_id uuid not null,
  joined_at   bigint not null,
  primary key (page_id, alert_id)
);
comment on table page_alerts is 'class: projection';
create index page_alerts_by_alert on page_alerts (alert_id);

-- One promise to tell one person on one channel. It always ends in an outcome; watch checks that.
create table page_intents (
  id             uuid primary key,
  page_id        uuid not null references pages (id),
  customer_id    uuid not null,
  environment_id uuid not null,
  step           integer not null,
  round          integer not null default 0,
  account_id     uuid not null references accounts (id),
  channel        text not null check (channel in ('email', 'web-push', 'screen')),
  status         text not null check (status in ('intended', 'sent', 'failed', 'cancelled')),
  intended_at    bigint not null,
  ended_at       bigint,
  outcome        text,
  unique (page_id, round, step, account_id, channel)
);
comment on table page_intents is 'class: projection';
create index page_intents_unfinished on page_intents (intended_at) where status = 'intended';
create index page_intents_on_screen on page_intents (account_id, intended_at desc);

-- The work on an intent: attempts, the lease of the process that tries, the answer so far. Only the end is history.
create table page_sends (
  intent_id      uuid primary key references page_intents (id),
  attempt        integer not null,
  due_at         bigint not null,
  lease_until_at bigint,
  last_answer    text
);
comment on table page_sends is 'class: machinery';

create table push_subscriptions (
  id          uuid primary key,
  account_id  uuid not null references accounts (id),
  endpoint    text not null unique,
  p256dh      text not null,
  auth        text not null,
  user_agent  text not null,
  created_at  bigint not null,
  proven_at   bigint,
  gone_at     bigint
);
comment on table push_subscriptions is 'class: projection';
create index push_subscriptions_by_account on push_subscriptions (account_id) where gone_at is null;

alter table environments add column escalation_policy_id uuid references escalation_policies (id);

select guard_tenant_table('alert_receipts');
select guard_tenant_table('alerts');
select guard_tenant_table('pages');
select guard_tenant_table('page_alerts');
select guard_tenant_table('page_intents');
do $$
begin
  if exists (select 1 from pg_roles where rolname = 'fortnight_tenant') then
    grant select, insert, update on alert_sightings, page_sends to fortnight_tenant;
    grant select on schedules, schedule_overrides, escalation_policies, push_subscriptions to fortnight_tenant;
  end if;
end $$;
