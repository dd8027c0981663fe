-- A step may mean the admins of a team, and is resolved in the intake's transaction, too.
do $$
begin
  if exists (select 1 from pg_roles where rolname = 'fortnight_tenant') then
    grant select (role) on team_members to fortnight_tenant;
  end if;
end $$;

-- Of a step that is needless only when the page is closed: it is sent although somebody has the page.
alter table page_intents add column unless_closed boolean not null default false;
