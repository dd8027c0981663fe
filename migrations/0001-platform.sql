-- The floor everything stands on: one history (events), one queue (tasks), who runs (processes), stored replies.
-- Instants are epoch milliseconds in bigint columns that end in _at; SQL's own clock is never used.
-- Every table declares its class in a comment:
--   act          append-only record of what somebody did; one ledger leaf each
--   observation  append-only receipt, sealed into the ledger by window
--   projection   today's state, derived from acts; may change only together with an event
--   machinery    leases, counters and caches that nobody needs as history

create table events (
  id             uuid primary key,
  xid            xid8 not null default pg_current_xact_id(),
  position       bigint generated always as identity,
  stream_kind    text not null,
  stream_id      uuid not null,
  version        integer not null,
  type           text not null,
  v              smallint not null,
  at             bigint not null,
  recorded_at    bigint not null,
  actor_kind     text not null,
  actor_id       uuid,
  via            text not null,
  customer_id    uuid,
  environment_id uuid,
  refs           jsonb not null default '[]',
  unique (stream_id, version)
);
comment on table events is 'class: act';
-- The live feed reads in (xid, position) order below the oldest running transaction, so that a slow commit is never skipped.
create index events_feed on events (xid, position);
create index events_by_environment on events (environment_id, at desc, id desc);
create index events_by_type on events (type, at desc);
create index events_refs on events using gin (refs jsonb_path_ops);

-- What an event says, one salted disclosure a field (evidence/ledger/disclosure.ts); the only place where these words live,
-- so that erasing them here erases them everywhere. Exact text: the digest in the ledger leaf is over these bytes.
create table event_bodies (
  event_id    uuid primary key references events (id),
  customer_id uuid,
  disclosures text[] not null
);
comment on table event_bodies is 'class: act';

create table tasks (
  id           uuid primary key,
  kind         text not null,
  lane         text not null,
  key          text,
  due_at       bigint not null,
  payload      jsonb not null default '{}',
  attempt      integer not null default 0,
  lease_until_at bigint,
  leased_by    uuid,
  parked_at    bigint,
  last_error   text,
  created_at   bigint not null
);
comment on table tasks is 'class: machinery';
create unique index tasks_key on tasks (kind, key) where key is not null and parked_at is null;
create index tasks_due on tasks (lane, due_at) where parked_at is null;

create table processes (
  id             uuid primary key,
  number         bigint generated always as identity,
  host           text not null,
  pid            integer not null,
  roles          text[] not null,
  version        text not null,
  schema_version integer not null,
  started_at     bigint not null,
  seen_at        bigint not null,
  stopped_at     bigint,
  clock_offset_ms integer not null default 0
);
comment on table processes is 'class: machinery';

-- Stored replies of writes, so that a client that lost the answer may ask again for 24 h and get the same one.
create table idempotency_keys (
  actor_key    text not null,
  key          text not null,
  route        text not null,
  request_hash text not null,
  status       smallint,
  reply        text,
  created_at   bigint not null,
  primary key (actor_key, key)
);
comment on table idempotency_keys is 'class: machinery';
create index idempotency_keys_age on idempotency_keys (created_at);

-- One row each: what this installation is, and whether it is held after a restore.
create table installation (
  id              uuid primary key,
  one             boolean not null default true unique check (one),
  organisation    text not null,
  created_at      bigint not null,
  held_at         bigint,
  held_reason     text,
  released_at     bigint
);
comment on table installation is 'class: projection';

-- Forced row-level security needs a role that is neither superuser nor owner. Where the database refuses to create it,
-- the server says so on its health page and relies on the second guard (every tenant query names its customer).
do $$
begin
  create role fortnight_tenant nologin;
exception
  when duplicate_object or unique_violation then null;
  when insufficient_privilege then raise notice 'role fortnight_tenant could not be created';
end $$;
do $$
begin
  execute format('grant fortnight_tenant to %I', current_user);
exception when others then raise notice 'role fortnight_tenant could not be granted: %', sqlerrm;
end $$;

-- True when no tenant is set for this transaction (staff and the engine), or when the row is that tenant's.
create function tenant_may_see(row_customer_id uuid) returns boolean language sql stable as $$
  select coalesce(current_setting('fortnight.customer_id', true), '') = ''
      or row_customer_id = nullif(current_setting('fortnight.customer_id', true), '')::uuid
$$;

-- Puts one table under forced row-level security; called by every migration that makes a tenant table.
create function guard_tenant_table(table_name text) returns void language plpgsql as $$
begin
  execute format('alter table %I enable row level security', table_name);
  execute format('alter table %I force row level security', table_name);
  execute format('create policy tenant on %I using (tenant_may_see(customer_id)) with check (tenant_may_see(customer_id))', table_name);
  if exists (select 1 from pg_roles where rolname = 'fortnight_tenant') then
    execute format('grant select, insert, update, delete on %I to fortnight_tenant', table_name);
  end if;
end $$;

select guard_tenant_table('events');
select guard_tenant_table('event_bodies');
do $$
begin
  if exists (select 1 from pg_roles where rolname = 'fortnight_tenant') then
    execute format('grant usage on schema %I to fortnight_tenant', current_schema());
    grant select, insert, update, delete on tasks, idempotency_keys to fortnight_tenant;
    grant select on processes, installation to fortnight_tenant;
  end if;
end $$;

-- History is append-only for everybody but the erasure verb, which says so in the transaction.
create function refuse_history_change() returns trigger language plpgsql as $$
begin
  if current_setting('fortnight.erasing', true) = 'on' and tg_table_name = 'event_bodies' and tg_op = 'UPDATE' then
    return new;
  end if;
  raise exception '% on % refused: history is append-only', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger events_append_only before update or delete on events for each row execute function refuse_history_change();
create trigger events_no_truncate before truncate on events for each statement execute function refuse_history_change();
create trigger event_bodies_append_only before update or delete on event_bodies for each row execute function refuse_history_change();
create trigger event_bodies_no_truncate before truncate on event_bodies for each statement execute function refuse_history_change();
alter table events enable always trigger events_append_only;
alter table event_bodies enable always trigger event_bodies_append_only;
