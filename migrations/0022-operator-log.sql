-- The Operator Log: recorded shells chunk by chunk, and the entries that say what was done.

-- One key a set of blobs, wrapped by the installation's root key: destroying the row makes the blobs unreadable.
create table blob_keys (
  id         uuid primary key,
  sealed     bytea not null,
  created_at bigint not null
);
comment on table blob_keys is 'class: machinery';

-- Where bytes lie. The file is written and flushed before the row commits.
create table blobs (
  name        text primary key,
  key_id      uuid not null references blob_keys (id),
  customer_id uuid,
  sha256      bytea not null,
  size        bigint not null,
  stored_at   bigint not null
);
comment on table blobs is 'class: observation';
-- Evidence names bytes by hash.
create index blobs_by_hash on blobs (sha256);

create table recordings (
  id               uuid primary key,
  customer_id      uuid not null,
  environment_id   uuid not null,
  local_id         uuid not null,
  operator_id      uuid not null references accounts (id),
  kind             text not null check (kind in ('look', 'decided', 'break-glass')),
  status           text not null check (status in ('open', 'abandoned', 'closed')),
  decision_id      uuid,
  alert_id         uuid,
  incident_id      uuid,
  host             text not null,
  shell            text not null,
  ruleset          text not null,
  cols             integer not null,
  rows             integer not null,
  started_at       bigint not null,
  opened_at        bigint not null,
  opened_offline   boolean not null,
  closed_at        bigint,
  close_hash       bytea,
  changed_without_decision boolean not null default false,
  log_entry_id     uuid,
  key_id           uuid not null references blob_keys (id),
  foreign key (environment_id, customer_id) references environments (id, customer_id),
  unique (operator_id, local_id)
);
comment on table recordings is 'class: projection';
create index recordings_recent on recordings (opened_at desc, id desc);

-- How far the upload has come. Each minute and at the end an act says the same in the ledger.
create table recording_progress (
  recording_id     uuid primary key references recordings (id),
  next_chunk       integer not null,
  head             bytea not null,
  -- Chunks up to here are named by an act.
  anchored_chunks  integer not null,
  duration_ms      bigint not null,
  commands         integer not null,
  heard_at         bigint not null
);
comment on table recording_progress is 'class: machinery';

create table recording_chunks (
  recording_id uuid not null references recordings (id),
  n            integer not null,
  customer_id  uuid not null,
  sha256       bytea not null,
  size         integer not null,
  recorded_at  bigint not null,
  received_at  bigint not null,
  primary key (recording_id, n)
);
comment on table recording_chunks is 'class: observation';

create table log_entries (
  id               uuid primary key,
  customer_id      uuid not null,
  environment_id   uuid not null,
  number           integer not null,
  category         text not null check (category in ('change', 'incident', 'maintenance', 'look')),
  recording_id     uuid references recordings (id),
  decision_id      uuid,
  incident_id      uuid,
  author_id        uuid not null references accounts (id),
  -- The event whose body holds the words.
  content_event_id uuid not null,
  at               bigint not null,
  released_at      bigint,
  foreign key (environment_id, customer_id) references environments (id, customer_id),
  unique (environment_id, number)
);
comment on table log_entries is 'class: projection';
create index log_entries_recent on log_entries (at desc, id desc);

create table log_attachments (
  id           uuid primary key,
  log_entry_id uuid not null references log_entries (id),
  customer_id  uuid not null,
  blob_name    text not null references blobs (name),
  file_name    text not null,
  media_type   text not null,
  size         bigint not null,
  attached_at  bigint not null
);
comment on table log_attachments is 'class: projection';
create index log_attachments_of on log_attachments (log_entry_id);

select guard_tenant_table('recordings');
select guard_tenant_table('recording_chunks');
select guard_tenant_table('log_entries');
select guard_tenant_table('log_attachments');
select guard_tenant_table('blobs');
do $$
begin
  if exists (select 1 from pg_roles where rolname = 'fortnight_tenant') then
    grant select on recording_progress to fortnight_tenant;
  end if;
end $$;
