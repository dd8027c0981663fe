-- Dead man's switches: what should be heard of at least every interval. Armed by the first ping.
create table heartbeats (
  id             uuid primary key,
  customer_id    uuid not null,
  environment_id uuid not null,
  name           text not null,
  description    text not null,
  alert_message  text not null,
  priority       smallint not null check (priority between 1 and 5),
  interval_ms    bigint not null check (interval_ms >= 60000),
  enabled        boolean not null,
  expired_at     bigint,
  created_at     bigint not null,
  removed_at     bigint,
  foreign key (environment_id, customer_id) references environments (id, customer_id)
);
comment on table heartbeats is 'class: projection';
create unique index heartbeats_by_name on heartbeats (environment_id, name) where removed_at is null;
select guard_tenant_table('heartbeats');

-- When something was heard last, also of names that nobody defined. Going silent and coming back are events.
create table heartbeat_pings (
  environment_id uuid not null,
  name           text not null,
  customer_id    uuid not null,
  last_at        bigint not null,
  count          bigint not null,
  primary key (environment_id, name),
  foreign key (environment_id, customer_id) references environments (id, customer_id)
);
comment on table heartbeat_pings is 'class: machinery';
alter table heartbeat_pings set (fillfactor = 50);
select guard_tenant_table('heartbeat_pings');
