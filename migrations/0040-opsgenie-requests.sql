-- What became of a request in OpsGenie's dialect, which answers 202 first and is asked afterwards. Kept for a day.
-- The alias is a word of the sender and stands in the alert alone.
create table opsgenie_requests (
  id             uuid primary key,
  customer_id    uuid not null,
  environment_id uuid not null,
  key_id         uuid not null,
  action         text not null,
  processed_at   bigint not null,
  alert_id       uuid,
  success        boolean not null,
  outcome        text not null,
  foreign key (environment_id, customer_id) references environments (id, customer_id)
);
comment on table opsgenie_requests is 'class: machinery';
create index opsgenie_requests_by_age on opsgenie_requests (processed_at);
select guard_tenant_table('opsgenie_requests');
do $$
begin
  if exists (select 1 from pg_roles where rolname = 'fortnight_tenant') then
    -- Written by the server itself, after the commit that they tell of.
    revoke all on opsgenie_requests from fortnight_tenant;
    grant select on opsgenie_requests to fortnight_tenant;
  end if;
end $$;
