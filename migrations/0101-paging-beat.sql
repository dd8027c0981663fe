-- That the engine claims what is due, shown by something that it has to claim; and what it finds about who is on call.

-- findings: [{ kind, subject, detail, sinceAt }], as the rules read duty (domain/operations/paging/duty-check).
create table paging_beat (
  one        boolean primary key default true check (one),
  beat_at    bigint not null,
  checked_at bigint not null,
  findings   jsonb not null
);
comment on table paging_beat is 'class: machinery';
do $$
begin
  if exists (select 1 from pg_roles where rolname = 'fortnight_tenant') then
    revoke all on paging_beat from fortnight_tenant;
  end if;
end $$;
