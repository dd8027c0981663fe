-- The evidence ledger: an outbox written with each act, and the log it is sequenced into.
-- Formats: RFC 6962 hashing, C2SP tiles and checkpoints; design in ARCHITECTURE.md, "Evidence".

create table ledger_logs (
  id             uuid primary key,
  environment_id uuid unique,
  customer_id    uuid,
  origin         text not null unique,
  pseudonym_key  bytea not null,
  created_at     bigint not null,
  closed_at      bigint
);
comment on table ledger_logs is 'class: machinery';

create table ledger_pending (
  id         uuid primary key,
  log_id     uuid not null references ledger_logs (id),
  leaf       bytea not null,
  leaf_hash  bytea not null,
  created_at bigint not null
);
comment on table ledger_pending is 'class: act';
create index ledger_pending_order on ledger_pending (log_id, id);

create table ledger_entries (
  log_id    uuid not null references ledger_logs (id),
  seq       bigint not null,
  id        uuid not null unique,
  leaf      bytea not null,
  leaf_hash bytea not null,
  primary key (log_id, seq)
);
comment on table ledger_entries is 'class: act';

create table ledger_tiles (
  log_id uuid not null references ledger_logs (id),
  level  smallint not null,
  idx    bigint not null,
  hashes bytea not null,
  primary key (log_id, level, idx)
);
comment on table ledger_tiles is 'class: act';

-- fence grows with every change of sequencer: a deposed one finds a larger number and stops.
create table ledger_heads (
  log_id   uuid primary key references ledger_logs (id),
  size     bigint not null,
  root     bytea not null,
  frontier bytea not null,
  fence    bigint not null default 0
);
comment on table ledger_heads is 'class: machinery';

create table ledger_checkpoints (
  log_id    uuid not null references ledger_logs (id),
  size      bigint not null,
  root      bytea not null,
  note      text not null,
  signed_at bigint not null,
  primary key (log_id, size)
);
comment on table ledger_checkpoints is 'class: act';

-- Sealed windows of observations; the leaf of the sealing act carries the same numbers.
create table observation_windows (
  id           uuid primary key,
  kind         text not null,
  process_id   uuid not null,
  first_number bigint not null,
  last_number  bigint not null,
  count        bigint not null,
  root         bytea not null,
  previous     bytea,
  event_id     uuid not null references events (id),
  sealed_at    bigint not null,
  unique (kind, process_id, first_number)
);
comment on table observation_windows is 'class: projection';

create table erasures (
  event_id          uuid not null references events (id),
  digest            text not null,
  field             text not null,
  reason            text not null,
  erased_at         bigint not null,
  erased_by_event_id uuid not null references events (id),
  primary key (event_id, digest)
);
comment on table erasures is 'class: projection';

create trigger ledger_entries_append_only before update or delete or truncate on ledger_entries for each statement execute function refuse_history_change();
create trigger ledger_tiles_append_only before update or delete or truncate on ledger_tiles for each statement execute function refuse_history_change();
create trigger ledger_checkpoints_append_only before update or delete or truncate on ledger_checkpoints for each statement execute function refuse_history_change();
alter table ledger_entries enable always trigger ledger_entries_append_only;
alter table ledger_tiles enable always trigger ledger_tiles_append_only;
alter table ledger_checkpoints enable always trigger ledger_checkpoints_append_only;
do $$
begin
  if exists (select 1 from pg_roles where rolname = 'fortnight_tenant') then
    grant select on ledger_logs to fortnight_tenant;
    grant insert on ledger_pending to fortnight_tenant;
  end if;
end $$;
