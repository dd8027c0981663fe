-- A key may name a team that is to be told about an alert of its environment, as it may name a schedule or a policy.
do $$
begin
  if exists (select 1 from pg_roles where rolname = 'fortnight_tenant') then
    grant select on teams to fortnight_tenant;
  end if;
end $$;
