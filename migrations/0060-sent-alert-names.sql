-- By which names the senders of other dialects know an alert: an Alertmanager whose route is edited while something fires
-- calls it by another. likeness: digest of what the sender says about the group, the last time it said it.
create table sent_alert_names (
  environment_id uuid not null,
  fingerprint    text not null,
  customer_id    uuid not null,
  alert_id       uuid not null,
  likeness       bytea not null,
  heard_at       bigint not null,
  primary key (environment_id, fingerprint),
  foreign key (environment_id, customer_id) references environments (id, customer_id)
);
comment on table sent_alert_names is 'class: machinery';
alter table sent_alert_names set (fillfactor = 50);
create index sent_alert_names_by_likeness on sent_alert_names (environment_id, likeness);
select guard_tenant_table('sent_alert_names');
do $$
begin
  if exists (select 1 from pg_roles where rolname = 'fortnight_tenant') then
    -- Written by the server itself, after the commit that they tell of.
    revoke all on sent_alert_names from fortnight_tenant;
    grant select on sent_alert_names to fortnight_tenant;
  end if;
end $$;
