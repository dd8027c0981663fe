-- Questions about alerts that somebody wants to ask again: their own, or everybody's (without an account, under a slug).
create table alert_views (
  id          uuid primary key,
  account_id  uuid references accounts (id),
  slug        text,
  name        text not null,
  query       text not null,
  status      text not null check (status in ('not-closed', 'open', 'acknowledged', 'closed', 'all')),
  environment text,
  priority    text,
  group_by    text,
  changed_at  bigint not null,
  check ((account_id is null) = (slug is not null))
);
comment on table alert_views is 'class: projection';
create unique index alert_views_shared on alert_views (slug) where account_id is null;
create index alert_views_of on alert_views (account_id) where account_id is not null;
