-- How each person wants to be told, and promises that come due later than they are made.

-- definition: { rules, quiet } as the rules read it (domain/operations/paging/notification-rules).
create table notification_rules (
  account_id uuid primary key references accounts (id),
  definition jsonb not null,
  version    integer not null,
  changed_at bigint not null
);
comment on table notification_rules is 'class: projection';

alter table notification_rules enable row level security;
alter table notification_rules force row level security;
create policy tenant on notification_rules
  using (coalesce(current_setting('fortnight.customer_id', true), '') = ''
         or exists (select 1 from accounts a where a.id = account_id and a.kind = 'staff'));
do $$
begin
  if exists (select 1 from pg_roles where rolname = 'fortnight_tenant') then
    revoke all on notification_rules from fortnight_tenant;
    grant select on notification_rules to fortnight_tenant;
  end if;
end $$;

-- due_at null: at once, as every promise was before. position: which of the person's steps this is.
alter table page_intents add column due_at bigint;
alter table page_intents add column position integer not null default 0;
alter table page_intents add column method_id uuid references contact_methods (id);
alter table page_intents drop constraint page_intents_channel_check;
alter table page_intents add constraint page_intents_channel_check
  check (channel in ('email', 'web-push', 'sms', 'voice', 'ntfy', 'webhook', 'slack', 'mattermost', 'screen'));
alter table page_intents drop constraint page_intents_page_id_round_step_account_id_channel_key;
create unique index page_intents_once on page_intents (page_id, round, step, account_id, channel, position);
