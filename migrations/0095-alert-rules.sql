-- Alerting rules of Prometheus as they were imported: what they ask, what is wrong with them, what to read when they fire.
create table rule_sets (
  id                uuid primary key,
  name              text not null,
  -- Every environment, also one that is made later; otherwise those of rule_set_environments.
  every_environment boolean not null,
  files             integer not null,
  rules             integer not null,
  red               integer not null,
  amber             integer not null,
  without_runbook   integer not null,
  -- Of everything that was sent: the same again is no import.
  digest            bytea not null,
  imported_at       bigint not null,
  imported_by       uuid not null references accounts (id)
);
comment on table rule_sets is 'class: projection';
create unique index rule_sets_by_name on rule_sets (name);

create table rule_set_environments (
  set_id         uuid not null references rule_sets (id) on delete cascade,
  environment_id uuid not null references environments (id),
  primary key (set_id, environment_id)
);
comment on table rule_set_environments is 'class: projection';

create table alert_rules (
  set_id       uuid not null references rule_sets (id) on delete cascade,
  position     integer not null,
  file         text not null,
  line         integer not null,
  name         text not null,
  -- Between what a chart fills in; null when the name stands as it is.
  name_parts   text[],
  alert_group  text not null,
  severity     text not null,
  expression   text not null,
  holds_for    text,
  labels       jsonb not null,
  runbook_kind text not null check (runbook_kind in ('link', 'templated', 'no-link', 'none')),
  runbook      text,
  findings     jsonb not null,
  primary key (set_id, position)
);
comment on table alert_rules is 'class: projection';
create index alert_rules_by_name on alert_rules (name);
