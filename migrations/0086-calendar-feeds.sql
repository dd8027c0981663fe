-- Secret links with which a calendar program reads duty: of the owner, of a team, of a schedule. The link is a hash here.
create table calendar_feeds (
  id          uuid primary key,
  account_id  uuid not null references accounts (id),
  of          text not null check (of in ('person', 'team', 'schedule')),
  -- An account's, a team's or a schedule's.
  subject_id  uuid not null,
  secret_hash bytea not null unique,
  hint        text not null,
  created_at  bigint not null,
  revoked_at  bigint
);
comment on table calendar_feeds is 'class: projection';
create index calendar_feeds_by_account on calendar_feeds (account_id) where revoked_at is null;

do $$
begin
  if exists (select 1 from pg_roles where rolname = 'fortnight_tenant') then
    revoke all on calendar_feeds from fortnight_tenant;
  end if;
end $$;
