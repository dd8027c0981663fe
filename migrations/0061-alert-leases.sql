-- Alerts that a Prometheus posts itself are said for a time and then again; who posts them is one row a key and sender.
create table alert_lease_senders (
  environment_id uuid not null,
  key_id         uuid not null,
  -- The labels that tell one Prometheus from another under the same key.
  sender         text not null,
  customer_id    uuid not null,
  heard_since_at bigint not null,
  heard_at       bigint not null,
  primary key (environment_id, key_id, sender),
  foreign key (environment_id, customer_id) references environments (id, customer_id)
);
comment on table alert_lease_senders is 'class: machinery';
alter table alert_lease_senders set (fillfactor = 50);
select guard_tenant_table('alert_lease_senders');

create table alert_leases (
  environment_id uuid not null,
  fingerprint    text not null,
  customer_id    uuid not null,
  key_id         uuid not null,
  sender         text not null,
  until_at       bigint not null,
  -- Since when it is written on the alert that nothing is heard of it.
  marked_at      bigint,
  primary key (environment_id, fingerprint),
  foreign key (environment_id, customer_id) references environments (id, customer_id)
);
comment on table alert_leases is 'class: machinery';
alter table alert_leases set (fillfactor = 50);
create index alert_leases_by_end on alert_leases (until_at);
select guard_tenant_table('alert_leases');

do $$
begin
  if exists (select 1 from pg_roles where rolname = 'fortnight_tenant') then
    -- Written by the server itself, after the commit that they tell of.
    revoke all on alert_lease_senders, alert_leases from fortnight_tenant;
    grant select on alert_lease_senders, alert_leases to fortnight_tenant;
  end if;
end $$;
