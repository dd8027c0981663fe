-- One act on many alerts, done piece by piece: which they are, and how far it has come. What is to be done, with its
-- words, stands in the event; what was done to each alert is an event of that alert.
create table alert_bulks (
  id          uuid primary key,
  event_id    uuid not null,
  account_id  uuid not null references accounts (id),
  alert_ids   uuid[] not null,
  position    integer not null default 0,
  changed     integer not null default 0,
  passed_over integer not null default 0,
  created_at  bigint not null,
  finished_at bigint
);
comment on table alert_bulks is 'class: machinery';
