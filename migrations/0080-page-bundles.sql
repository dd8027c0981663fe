-- Several pages in one message, and how often a destination was told: a storm reaches a person as a few messages.

-- One message that went to a destination (person, channel, and way), or is on its way. Kept for an hour.
create table page_messages (
  id              uuid primary key,
  account_id      uuid not null references accounts (id),
  channel         text not null,
  method_id       uuid,
  told_at         bigint not null,
  environment_ids uuid[] not null
);
comment on table page_messages is 'class: machinery';
create index page_messages_by_destination on page_messages (account_id, channel, told_at desc);

-- Which message carries the promise; null: it goes by itself.
alter table page_sends add column bundle_id uuid;
create index page_sends_by_bundle on page_sends (bundle_id) where bundle_id is not null;
create index page_intents_by_destination on page_intents (account_id, channel) where status = 'intended';

-- What a message of several pages listed: whoever takes it takes these alerts and no others.
create table page_bundle_pages (
  bundle_id   uuid not null,
  page_id     uuid not null references pages (id),
  customer_id uuid not null,
  made_at     bigint not null,
  primary key (bundle_id, page_id)
);
comment on table page_bundle_pages is 'class: machinery';
create table page_bundle_alerts (
  bundle_id   uuid not null,
  page_id     uuid not null references pages (id),
  alert_id    uuid not null,
  customer_id uuid not null,
  primary key (bundle_id, page_id, alert_id)
);
comment on table page_bundle_alerts is 'class: machinery';
select guard_tenant_table('page_bundle_pages');
select guard_tenant_table('page_bundle_alerts');
do $$
begin
  if exists (select 1 from pg_roles where rolname = 'fortnight_tenant') then
    revoke all on page_messages, page_bundle_pages, page_bundle_alerts from fortnight_tenant;
  end if;
end $$;
