-- What policies make of alerts as they come in.

-- One row: the policies in their order, which is what decides. There from the start, so that two editors find something to queue at.
create table alert_policies (
  id         smallint primary key check (id = 1),
  policies   jsonb not null,
  version    integer not null,
  -- Whether any policy ever made one of several alerts: what is one then stays one until it is over.
  ever_merged boolean not null default false,
  -- Whether any ever waited for an alert to be said often enough.
  ever_counted boolean not null default false,
  changed_at bigint not null
);
comment on table alert_policies is 'class: projection';
insert into alert_policies (id, policies, version, changed_at) values (1, '[]', 0, 0);

-- A policy that could not do what it says. Alerts came as if it were not there; this is how somebody learns of it.
create table alert_policy_faults (
  policy_id text primary key,
  at        bigint not null,
  count     bigint not null,
  detail    text not null
);
comment on table alert_policy_faults is 'class: machinery';

-- treatment: which policies took part and what is still to be asked (domain/operations/alerts/policies/treat-alert). Null for most.
alter table alerts add column treatment jsonb, add column close_after_ms bigint;
create index alerts_that_close on alerts (id) where close_after_ms is not null and status <> 'closed';
alter table alerts drop constraint alerts_closed_by_check;
alter table alerts add constraint alerts_closed_by_check check (closed_by in ('source', 'person', 'policy')) not valid;

-- Alerts that a policy made one: as long as one of them fires, the one is open. `fingerprint` is that of the one.
create table merged_alerts (
  environment_id uuid not null,
  member         text not null,
  customer_id    uuid not null,
  fingerprint    text not null,
  joined_at      bigint not null,
  primary key (environment_id, member),
  foreign key (environment_id, customer_id) references environments (id, customer_id)
);
comment on table merged_alerts is 'class: machinery';
create index merged_alerts_by_one on merged_alerts (environment_id, fingerprint);
select guard_tenant_table('merged_alerts');

-- When an alert that had not lasted long ended, the last few times: what fires again soon flaps.
create table alert_flaps (
  environment_id uuid not null,
  fingerprint    text not null,
  customer_id    uuid not null,
  ended_at       bigint[] not null,
  primary key (environment_id, fingerprint),
  foreign key (environment_id, customer_id) references environments (id, customer_id)
);
comment on table alert_flaps is 'class: machinery';
alter table alert_flaps set (fillfactor = 50);
select guard_tenant_table('alert_flaps');

do $$
begin
  if exists (select 1 from pg_roles where rolname = 'fortnight_tenant') then
    revoke all on alert_policies, alert_policy_faults from fortnight_tenant;
    -- Whether they changed, and nothing of what they say.
    grant select (id, version) on alert_policies to fortnight_tenant;
    grant select, insert, update on alert_policy_faults to fortnight_tenant;
  end if;
end $$;
