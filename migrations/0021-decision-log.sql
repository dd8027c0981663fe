-- The Decision Log: today's state of each decision. Every word of it lives in the bodies of its events.

create table decisions (
  id               uuid primary key,
  customer_id      uuid not null,
  environment_id   uuid not null,
  number           integer not null,
  status           text not null check (status in ('proposed', 'decided', 'superseded', 'withdrawn', 'break-glass-owed')),
  -- The event whose body holds the words in force.
  content_event_id uuid not null,
  break_glass      boolean not null,
  write_up_by      bigint,
  review_by        bigint,
  -- What a broken glass still owes and by when; null when nothing.
  owed             text check (owed in ('write-up', 'review')),
  valid_until      bigint,
  opened_at        bigint not null,
  opened_by        uuid not null references accounts (id),
  decided_at       bigint,
  decided_by       uuid references accounts (id),
  foreign key (environment_id, customer_id) references environments (id, customer_id),
  unique (environment_id, number)
);
comment on table decisions is 'class: projection';
create index decisions_recent on decisions (opened_at desc, id desc);
create index decisions_owed on decisions (review_by) where owed is not null;
select guard_tenant_table('decisions');
