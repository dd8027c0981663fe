-- Drills: alerts that nothing caused, rung through the whole path to the acknowledgement.

-- A page that is a drill counts in no report, joins nothing and is joined by nothing.
alter table pages add column is_drill boolean not null default false;
-- When an environment, and a person, was last proven to be reached.
create index pages_taken_in on pages (environment_id, acknowledged_at desc) where acknowledged_at is not null;
create index pages_taken_by on pages (acknowledged_by, acknowledged_at desc) where acknowledged_at is not null;

-- account_id: who alone is rung; null: whoever routing and policy mean. fingerprint: by which the alert is known when it
-- comes in. overruled_rule: the routing rule that would have let an alert like this wait, or listed it only.
create table drills (
  id             uuid primary key,
  customer_id    uuid not null,
  environment_id uuid not null,
  account_id     uuid references accounts (id),
  plan_id        uuid,
  fingerprint    text not null,
  status         text not null check (status in ('asked', 'ringing', 'proved', 'missed')),
  why            text,
  asked_at       bigint not null,
  asked_by       uuid references accounts (id),
  due_at         bigint not null,
  alert_id       uuid,
  page_id        uuid,
  overruled_rule text,
  rang_at        bigint,
  ended_at       bigint,
  taken_by       uuid references accounts (id),
  foreign key (environment_id, customer_id) references environments (id, customer_id)
);
comment on table drills is 'class: projection';
create index drills_recent on drills (asked_at desc, id desc);
create index drills_by_place on drills (environment_id, asked_at desc);
create index drills_by_person on drills (account_id, asked_at desc) where account_id is not null;
create unique index drills_by_page on drills (page_id) where page_id is not null;
create unique index drills_waiting on drills (environment_id, fingerprint) where status = 'asked';
select guard_tenant_table('drills');

-- Weekly at a wall time. whom: 'policy', 'everybody' who may take pages (each by a drill of their own), or an account's id.
create table drill_plans (
  id             uuid primary key,
  customer_id    uuid not null,
  environment_id uuid not null,
  whom           text not null,
  account_id     uuid references accounts (id),
  weekday        smallint not null check (weekday between 1 and 7),
  wall_time      text not null,
  zone           text not null,
  next_at        bigint not null,
  created_at     bigint not null,
  removed_at     bigint,
  foreign key (environment_id, customer_id) references environments (id, customer_id)
);
comment on table drill_plans is 'class: projection';
create unique index drill_plans_once on drill_plans (environment_id, whom) where removed_at is null;
select guard_tenant_table('drill_plans');

-- What somebody said about a drill that reached them: which of their ways woke them. method: 'web-push' or a way's id.
create table drill_answers (
  drill_id    uuid not null references drills (id),
  account_id  uuid not null references accounts (id),
  method      text not null,
  woke        boolean not null,
  answered_at bigint not null,
  primary key (drill_id, account_id, method)
);
comment on table drill_answers is 'class: projection';
create index drill_answers_by_person on drill_answers (account_id, method, answered_at desc);
do $$
begin
  if exists (select 1 from pg_roles where rolname = 'fortnight_tenant') then
    revoke all on drill_answers, drill_plans from fortnight_tenant;
  end if;
end $$;
