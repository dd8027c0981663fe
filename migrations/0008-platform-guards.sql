-- The platform's second step: stored replies survive a crash, history cannot be truncated by the back door, and the
-- ledger's own tables are as blind towards other customers as everything else.

-- claim: how often the key was taken (a request that was overtaken may not commit any more); committed_at: the work is
-- done, whether or not its reply was stored afterwards. Replies are sealed with a key of this installation.
alter table idempotency_keys
  add column claim          integer not null default 1,
  add column lease_until_at bigint  not null default 0,
  add column committed_at   bigint;

-- Like its sisters for single rows: in force even where session_replication_role says replica.
alter table events enable always trigger events_no_truncate;
alter table event_bodies enable always trigger event_bodies_no_truncate;

-- Erasing blanks the disclosures of a body and touches nothing else of it.
create or replace function refuse_history_change() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'event_bodies' and tg_op = 'UPDATE' and current_setting('fortnight.erasing', true) = 'on' then
    if new.event_id = old.event_id and new.customer_id is not distinct from old.customer_id then
      return new;
    end if;
  end if;
  raise exception '% on % refused: history is append-only', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end $$;

-- A tenant sees the logs of its own environments and the organisation's, and leaves leaves nowhere else.
alter table ledger_logs enable row level security;
alter table ledger_logs force row level security;
create policy tenant on ledger_logs using (customer_id is null or tenant_may_see(customer_id))
  with check (tenant_may_see(customer_id));
alter table ledger_pending enable row level security;
alter table ledger_pending force row level security;
create policy tenant on ledger_pending
  using (coalesce(current_setting('fortnight.customer_id', true), '') = '')
  with check (coalesce(current_setting('fortnight.customer_id', true), '') = ''
              or exists (select 1 from ledger_logs l where l.id = log_id));

-- The number of the last event of a stream, of which a tenant may see only some: numbers tell nothing, gaps would break.
create function last_stream_version(of_stream_id uuid) returns integer
  language sql stable security definer set fortnight.customer_id = '' set search_path from current
  as $$ select coalesce(max(version), 0) from events where stream_id = of_stream_id $$;
