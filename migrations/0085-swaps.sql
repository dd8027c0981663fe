-- Swaps: somebody asks somebody else to take a shift, or to trade two. legs: [{rotationId, giverId, takerId, from, to,
-- whole}], as the rules read them (domain/operations/on-call/swap.ts). What was written with it are words of the event.
create table shift_swaps (
  id               uuid primary key,
  schedule_id      uuid not null references schedules (id),
  asked_by         uuid not null references accounts (id),
  asked_of         uuid not null references accounts (id) check (asked_of <> asked_by),
  status           text not null check (status in ('offered', 'accepted', 'declined', 'withdrawn', 'expired', 'void')),
  why              text,
  legs             jsonb not null,
  ends_at          bigint not null,
  offered_event_id uuid not null,
  created_at       bigint not null,
  changed_at       bigint not null
);
comment on table shift_swaps is 'class: projection';
create index shift_swaps_by_end on shift_swaps (schedule_id, ends_at);

-- An override that came of a swap: who takes one away ends the whole swap.
alter table schedule_overrides add column swap_id uuid references shift_swaps (id);

do $$
begin
  if exists (select 1 from pg_roles where rolname = 'fortnight_tenant') then
    revoke all on shift_swaps from fortnight_tenant;
  end if;
end $$;
