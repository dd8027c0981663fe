-- Planned stretches of time in which alerts of a scope page nobody, each under a decision that covers it.

create table maintenance_windows (
  id               uuid primary key,
  customer_id      uuid not null,
  environment_id   uuid not null,
  decision_id      uuid not null references decisions (id),
  -- { clusters, labels } as routing rules write conditions; {}: everything in the environment.
  scope            jsonb not null,
  starts_at        bigint not null,
  -- As it was announced first; ends_at is where extensions moved it.
  announced_end_at bigint not null,
  ends_at          bigint not null,
  ended_at         bigint,
  ended_how        text check (ended_how in ('announced', 'finished', 'cancelled', 'decision')),
  planned_at       bigint not null,
  planned_by       uuid not null references accounts (id),
  foreign key (environment_id, customer_id) references environments (id, customer_id)
);
comment on table maintenance_windows is 'class: projection';
create index maintenance_windows_lasting on maintenance_windows (environment_id) where ended_at is null;
create index maintenance_windows_by_decision on maintenance_windows (decision_id);
create index maintenance_windows_recent on maintenance_windows (starts_at desc, id desc);
select guard_tenant_table('maintenance_windows');

-- What a window kept from paging. Released when the window ended: whatever still fired then paged.
create table suppressed_alerts (
  window_id      uuid not null references maintenance_windows (id),
  alert_id       uuid not null,
  customer_id    uuid not null,
  environment_id uuid not null,
  suppressed_at  bigint not null,
  released_at    bigint,
  primary key (window_id, alert_id),
  foreign key (environment_id, customer_id) references environments (id, customer_id)
);
comment on table suppressed_alerts is 'class: projection';
create index suppressed_alerts_by_alert on suppressed_alerts (alert_id);
select guard_tenant_table('suppressed_alerts');
