-- Incidents: today's state for lists. What happened, and every word of it, is in the events.

create table incidents (
  id                uuid primary key,
  customer_id       uuid not null,
  environment_id    uuid not null,
  number            integer not null,
  status            text not null check (status in ('open', 'mitigated', 'resolved')),
  phase             text not null check (phase in ('observe', 'orient', 'decide', 'act')),
  severity          smallint not null check (severity between 1 and 5),
  loop              integer not null,
  -- The event whose body holds the title.
  title_event_id    uuid not null,
  impact_started_at bigint not null,
  impact_ended_at   bigint,
  opened_at         bigint not null,
  opened_by         uuid not null references accounts (id),
  mitigated_at      bigint,
  resolved_at       bigint,
  foreign key (environment_id, customer_id) references environments (id, customer_id),
  unique (environment_id, number)
);
comment on table incidents is 'class: projection';
create index incidents_recent on incidents (opened_at desc, id desc);

create table incident_alerts (
  incident_id uuid not null references incidents (id),
  alert_id    uuid not null,
  customer_id uuid not null,
  primary key (incident_id, alert_id)
);
comment on table incident_alerts is 'class: projection';
create index incident_alerts_by_alert on incident_alerts (alert_id);

select guard_tenant_table('incidents');
select guard_tenant_table('incident_alerts');
