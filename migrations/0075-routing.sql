-- Which alert pages whom: one ordered list of rules, and the hours during which an environment is served.

-- definition: { zone, windows, holidays } as the rules read it (domain/operations/paging/service-hours).
create table service_hours (
  id          uuid primary key,
  slug        text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name        text not null,
  definition  jsonb not null,
  version     integer not null default 1,
  archived_at bigint,
  created_at  bigint not null
);
comment on table service_hours is 'class: projection';

-- One row: the rules in their order, which is what decides.
create table routing_rules (
  id         smallint primary key check (id = 1),
  rules      jsonb not null,
  version    integer not null,
  changed_at bigint not null
);
comment on table routing_rules is 'class: projection';
-- There from the start, so that two editors find something to queue at.
insert into routing_rules (id, rules, version, changed_at) values (1, '[]', 0, 0);

-- Null: served around the clock.
alter table environments add column service_hours_id uuid references service_hours (id);

-- A page by a policy that a rule named; null: by the policy of its environment. Alerts join a page of their own policy alone.
alter table pages add column routed_policy_id uuid references escalation_policies (id);

-- Intake asks them in its own transaction, as a key that sees one customer.
do $$
begin
  if exists (select 1 from pg_roles where rolname = 'fortnight_tenant') then
    revoke all on service_hours, routing_rules from fortnight_tenant;
    grant select on service_hours, routing_rules to fortnight_tenant;
  end if;
end $$;

-- Alerts that page nobody before their environment is served again. That a rule decided so is an event; this is who waits.
create table held_back_alerts (
  alert_id       uuid primary key,
  customer_id    uuid not null,
  environment_id uuid not null,
  until_at       bigint not null,
  foreign key (environment_id, customer_id) references environments (id, customer_id)
);
comment on table held_back_alerts is 'class: machinery';
create index held_back_alerts_by_time on held_back_alerts (environment_id, until_at);
select guard_tenant_table('held_back_alerts');
