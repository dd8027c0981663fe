-- Who is away, and who answers for whom. Why is a word of the event. What was taken back while under way held until then;
-- taken back before, it never did.
create table absences (
  id             uuid primary key,
  account_id     uuid not null references accounts (id),
  from_at        bigint not null,
  to_at          bigint not null check (to_at > from_at),
  added_event_id uuid not null,
  created_at     bigint not null,
  removed_at     bigint
);
comment on table absences is 'class: projection';
create index absences_by_account on absences (account_id, to_at);
create index absences_by_end on absences (to_at);

-- Where two of one person overlap, the later in the order of their ids wins: ids are handed out in time.
create table duty_forwardings (
  id             uuid primary key,
  account_id     uuid not null references accounts (id),
  to_account_id  uuid not null references accounts (id) check (to_account_id <> account_id),
  from_at        bigint not null,
  to_at          bigint not null check (to_at > from_at),
  added_event_id uuid not null,
  created_at     bigint not null,
  removed_at     bigint
);
comment on table duty_forwardings is 'class: projection';
create index duty_forwardings_by_account on duty_forwardings (account_id, to_at);
create index duty_forwardings_by_end on duty_forwardings (to_at);

do $$
begin
  if exists (select 1 from pg_roles where rolname = 'fortnight_tenant') then
    revoke all on absences, duty_forwardings from fortnight_tenant;
    -- An alert that comes in pages whoever answers for whoever is on call.
    grant select (id, account_id, to_account_id, from_at, to_at, removed_at) on duty_forwardings to fortnight_tenant;
  end if;
end $$;
