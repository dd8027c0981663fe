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
  -- The instant that the leaf names, so that a period is found quickly; what counts is the leaf.
  at        bigint not null,
  primary key (log_id, seq)
);
comment on table ledger_entries is 'class: act';
create index ledger_entries_by_time on ledger_entries (log_id, at);

create table ledger_tiles (
  log_id uuid not null references ledger_logs (id),
  level  smallint not null,
  idx    bigint not null,
  hashes bytea not null,
  primary key (log_id, level, idx)
);
comment on table ledger_tiles is 'class: act';

-- Who sequences: one process at a time, elected by an advisory lock. fence grows with every change of sequencer.
create table ledger_sequencer (
  one        boolean primary key default true check (one),
  fence      bigint not null,
  process_id uuid not null,
  elected_at bigint not null,
  seen_at    bigint not null
);
comment on table ledger_sequencer is 'class: machinery';

-- A deposed sequencer finds a larger fence than its own and stops. newest_at: the newest instant at which a sequenced
-- leaf was recorded; an older one behind it shows a clock that is wrong. signed and anchored: how far checkpoints and
-- the organisation's log have come.
create table ledger_heads (
  log_id        uuid primary key references ledger_logs (id),
  size          bigint not null,
  root          bytea not null,
  frontier      bytea not null,
  fence         bigint not null,
  newest_at     bigint not null,
  signed_size   bigint not null default 0,
  signed_at     bigint not null default 0,
  anchored_size bigint not null default 0,
  anchored_at   bigint not null default 0
);
comment on table ledger_heads is 'class: machinery';

-- The root is part of the key: after a recovery a log passes a size for the second time, with other entries.
create table ledger_checkpoints (
  log_id    uuid not null references ledger_logs (id),
  size      bigint not null,
  root      bytea not null,
  note      text not null,
  signed_at bigint not null,
  primary key (log_id, size, root)
);
comment on table ledger_checkpoints is 'class: act';
create index ledger_checkpoints_recent on ledger_checkpoints (log_id, signed_at desc, size desc);

-- Heads that were signed and that this database does not hold: it was restored from a backup, or changed. Nothing is
-- sequenced while one of them is not acknowledged by a recorded recovery.
create table ledger_contradictions (
  id                 uuid primary key,
  log_id             uuid not null,
  size               bigint not null,
  root               bytea not null,
  source             text not null check (source in ('key-folder', 'checkpoint', 'handed-in')),
  found_at           bigint not null,
  recovered_event_id uuid references events (id) deferrable initially deferred,
  unique (log_id, size, root)
);
comment on table ledger_contradictions is 'class: projection';
create index ledger_contradictions_open on ledger_contradictions (found_at) where recovered_event_id is null;

-- An act's own row is written last in its transaction: references to it are looked at when it commits.

-- Sealed windows of observations, one chain a log; the body of the sealing act holds the same window.
create table observation_windows (
  event_id  uuid primary key references events (id) deferrable initially deferred,
  log_id    uuid not null references ledger_logs (id),
  position  bigint not null,
  kind      text not null,
  count     bigint not null,
  -- Canonical JSON, as docs/audit-pack.md describes it: the next window names its digest.
  "window"  text not null,
  sealed_at bigint not null,
  unique (log_id, position)
);
comment on table observation_windows is 'class: projection';

-- Rows of a process and environment up to this number are sealed.
create table observation_marks (
  kind        text not null,
  log_id      uuid not null references ledger_logs (id),
  process_id  uuid not null,
  last_number bigint not null,
  primary key (kind, log_id, process_id)
);
comment on table observation_marks is 'class: machinery';

-- Processes that ended long ago and whose rows are all sealed: nobody has to look there again.
create table observation_processes (
  process_id uuid primary key,
  settled_at bigint not null
);
comment on table observation_processes is 'class: machinery';

-- Which fields are gone, and the entry that says why.
create table erasures (
  event_id          uuid not null references events (id) deferrable initially deferred,
  digest            text not null,
  field             text not null,
  erased_at         bigint not null,
  erased_by_event_id uuid not null references events (id) deferrable initially deferred,
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
