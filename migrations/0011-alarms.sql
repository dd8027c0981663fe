-- What watch finds wrong with the machinery, and what an acknowledgement and a page owe their readers.

-- Written by watch alone, over a connection of its own and outside of every verb: when it writes here, the engine may be
-- dead. One row a time that something was wrong; tell_after_at is when its next mail may go out, moved forward by
-- whichever watcher tells it, so that two of them never tell the same twice.
create table alarms (
  id            uuid primary key,
  kind          text not null,
  subject       text not null,
  detail        text not null,
  since_at      bigint not null,
  raised_at     bigint not null,
  seen_at       bigint not null,
  tell_after_at bigint not null,
  told_at       bigint,
  told_count    integer not null default 0,
  tell_answer   text,
  ended_at      bigint
);
comment on table alarms is 'class: machinery';
create unique index alarms_under_way on alarms (kind, subject) where ended_at is null;
create index alarms_recent on alarms (raised_at desc, id desc);
create index alarms_told on alarms (kind, subject, told_at) where told_at is not null;

-- Whoever comes second learns who has it, for an alert as for a page.
alter table alerts add column acknowledged_by uuid references accounts (id);

-- Somebody was meant, but nothing would have told them away from a screen: the fallback was told beside them.
alter table pages add column nobody_reached boolean not null default false;
create index pages_ringing on pages (requested_at) where status = 'open';
