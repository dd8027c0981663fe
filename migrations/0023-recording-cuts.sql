-- Redactions of recorded shells after the fact: which span was asked to go, and which chunks were replaced for it.

create table recording_cuts (
  id             uuid primary key,
  recording_id   uuid not null references recordings (id),
  customer_id    uuid not null,
  from_ms        bigint not null,
  to_ms          bigint not null,
  asked_by       uuid not null references accounts (id),
  asked_at       bigint not null,
  -- The event whose body holds the reason.
  asked_event_id uuid not null,
  unique (recording_id, from_ms, to_ms)
);
comment on table recording_cuts is 'class: projection';

-- A recording whose stored chunks may still hold something of its spans. `asked` grows with each reason to look.
create table recording_cut_work (
  recording_id uuid primary key references recordings (id),
  asked        integer not null
);
comment on table recording_cut_work is 'class: machinery';

-- What stands for a chunk since it was redacted. `recording_chunks` keeps the digest that the ledger names.
create table recording_replacements (
  recording_id uuid not null,
  n            integer not null,
  -- Counts from 1; the greatest is the one that is stored.
  version      integer not null,
  customer_id  uuid not null,
  sha256       bytea not null,
  size         integer not null,
  -- The act that declares it.
  event_id     uuid not null,
  primary key (recording_id, n, version),
  foreign key (recording_id, n) references recording_chunks (recording_id, n)
);
comment on table recording_replacements is 'class: projection';

select guard_tenant_table('recording_cuts');
select guard_tenant_table('recording_replacements');
do $$
begin
  if exists (select 1 from pg_roles where rolname = 'fortnight_tenant') then
    grant select on recording_cut_work to fortnight_tenant;
  end if;
end $$;
