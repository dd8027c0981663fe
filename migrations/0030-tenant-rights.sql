-- What the tenant role (contacts and integration keys) may reach is narrowed to what its requests need. Tables without a
-- customer of their own take it from the row they hang on; which role may do what is decided in tenant-rights.test.ts.

alter table alert_sightings enable row level security;
alter table alert_sightings force row level security;
create policy tenant on alert_sightings
  using (coalesce(current_setting('fortnight.customer_id', true), '') = ''
         or exists (select 1 from alerts a where a.id = alert_id))
  with check (coalesce(current_setting('fortnight.customer_id', true), '') = ''
              or exists (select 1 from alerts a where a.id = alert_id));

alter table page_sends enable row level security;
alter table page_sends force row level security;
create policy tenant on page_sends
  using (coalesce(current_setting('fortnight.customer_id', true), '') = ''
         or exists (select 1 from page_intents i where i.id = intent_id));

alter table recording_progress enable row level security;
alter table recording_progress force row level security;
create policy tenant on recording_progress
  using (coalesce(current_setting('fortnight.customer_id', true), '') = ''
         or exists (select 1 from recordings r where r.id = recording_id));

alter table recording_cut_work enable row level security;
alter table recording_cut_work force row level security;
create policy tenant on recording_cut_work
  using (coalesce(current_setting('fortnight.customer_id', true), '') = ''
         or exists (select 1 from recordings r where r.id = recording_id));

-- Only staff are paged: an alert that comes in asks who of them has a browser registered.
alter table push_subscriptions enable row level security;
alter table push_subscriptions force row level security;
create policy tenant on push_subscriptions
  using (coalesce(current_setting('fortnight.customer_id', true), '') = ''
         or exists (select 1 from accounts a where a.id = account_id and a.kind = 'staff'));

-- Links and challenges of staff and of other customers' contacts do not exist for a contact.
alter table one_time_tokens enable row level security;
alter table one_time_tokens force row level security;
create policy tenant on one_time_tokens
  using (account_id is null or tenant_may_see_account(account_id))
  with check (account_id is null or tenant_may_see_account(account_id));

do $$
begin
  if exists (select 1 from pg_roles where rolname = 'fortnight_tenant') then
    -- Whether there is a browser, never its address or keys.
    revoke all on push_subscriptions from fortnight_tenant;
    grant select (account_id, gone_at) on push_subscriptions to fortnight_tenant;
    -- Sending is the engine's; a page that ends looks whether somebody sends at this moment.
    revoke all on page_sends from fortnight_tenant;
    grant select on page_sends to fortnight_tenant;
    -- Keys are taken and replies read by the server itself; the work's transaction says only that it is done.
    revoke all on idempotency_keys from fortnight_tenant;
    grant select (actor_key, key, claim), update (committed_at, reply) on idempotency_keys to fortnight_tenant;
    -- Names of machines.
    revoke all on processes from fortnight_tenant;
  end if;
end $$;
