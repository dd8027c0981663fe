-- Teams: people who are named together, as a turn of a rota and as whom a step of an escalation tells.
create table teams (
  id          uuid primary key,
  slug        text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name        text not null,
  archived_at bigint,
  created_at  bigint not null
);
comment on table teams is 'class: projection';

-- position: the order in which they are told.
create table team_members (
  team_id    uuid not null references teams (id),
  account_id uuid not null references accounts (id),
  position   integer not null,
  role       text not null check (role in ('admin', 'member')),
  primary key (team_id, account_id)
);
comment on table team_members is 'class: projection';
create index team_members_by_account on team_members (account_id);

do $$
begin
  if exists (select 1 from pg_roles where rolname = 'fortnight_tenant') then
    -- An alert that comes in pages whoever is on call, which may be a team.
    revoke all on teams, team_members from fortnight_tenant;
    grant select (team_id, account_id, position) on team_members to fortnight_tenant;
  end if;
end $$;
