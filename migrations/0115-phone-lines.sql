-- Numbers that people call to reach whoever is on call for an environment.
create table phone_lines (
  id             uuid primary key,
  customer_id    uuid not null,
  environment_id uuid not null,
  number         text not null,
  name           text not null,
  greeting       text not null,
  priority       smallint not null check (priority between 1 and 5),
  ring_seconds   smallint not null check (ring_seconds between 10 and 60),
  created_at     bigint not null,
  removed_at     bigint,
  foreign key (environment_id, customer_id) references environments (id, customer_id)
);
comment on table phone_lines is 'class: projection';
create unique index phone_lines_by_number on phone_lines (number) where removed_at is null;
create index phone_lines_by_environment on phone_lines (environment_id) where removed_at is null;
select guard_tenant_table('phone_lines');

-- Calls on them. Who called is a word of its event; the candidates are ways that were proven when it came in.
create table phone_calls (
  id               uuid primary key,
  customer_id      uuid not null,
  environment_id   uuid not null,
  line_id          uuid not null references phone_lines (id),
  -- What the gateway calls it: a report that comes twice is told by it.
  gateway_id       text not null unique,
  event_id         uuid not null,
  state            jsonb not null,
  status           text not null check (status in ('ringing', 'taken', 'missed')),
  received_at      bigint not null,
  ended_at         bigint,
  message_event_id uuid,
  foreign key (environment_id, customer_id) references environments (id, customer_id)
);
comment on table phone_calls is 'class: projection';
create index phone_calls_by_line on phone_calls (line_id, received_at desc);
select guard_tenant_table('phone_calls');

-- Who calls whom is for the staff and the engine alone.
do $$
begin
  if exists (select 1 from pg_roles where rolname = 'fortnight_tenant') then
    revoke all on phone_lines, phone_calls from fortnight_tenant;
  end if;
end
$$;
