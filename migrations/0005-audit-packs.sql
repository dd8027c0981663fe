-- Audit packs: who asked for which period, and what became of it. The purpose, and why one failed, are words of its events.

create table audit_packs (
  id                 uuid primary key,
  -- null: a pack of the organisation's own log.
  customer_id        uuid references customers (id),
  environment_ids    uuid[] not null,
  requested_by       uuid not null references accounts (id),
  requested_event_id uuid not null,
  requested_at       bigint not null,
  from_at            bigint not null,
  to_at              bigint not null check (to_at > from_at),
  status             text not null check (status in ('building', 'ready', 'failed', 'withdrawn')),
  -- Of the event that says how it ended.
  outcome_event_id   uuid,
  ended_at           bigint,
  size               bigint,
  sha256             bytea,
  entries            integer,
  -- [{log, size}]: the signed ends that were handed out; later packs prove that they follow from them.
  ends               jsonb not null default '[]'
);
comment on table audit_packs is 'class: projection';
create index audit_packs_recent on audit_packs (requested_at desc, id desc);
create index audit_packs_kept on audit_packs (ended_at) where status = 'ready';

-- What the builder does at the moment, for whoever waits.
create table audit_pack_progress (
  pack_id    uuid primary key references audit_packs (id),
  step       text not null,
  updated_at bigint not null
);
comment on table audit_pack_progress is 'class: machinery';

select guard_tenant_table('audit_packs');
