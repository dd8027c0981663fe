-- Notes for whoever takes over, one a hand-over of a rota; what they say is the body of their last event. Duty moves by
-- the rota and not by them.
create table hand_over_notes (
  id               uuid primary key,
  schedule_id      uuid not null references schedules (id),
  -- When duty changes hands.
  hand_over_at     bigint not null,
  version          integer not null,
  written_event_id uuid not null,
  written_by       uuid not null references accounts (id),
  written_at       bigint not null,
  unique (schedule_id, hand_over_at)
);
comment on table hand_over_notes is 'class: projection';
create index hand_over_notes_by_time on hand_over_notes (hand_over_at desc);

do $$
begin
  if exists (select 1 from pg_roles where rolname = 'fortnight_tenant') then
    revoke all on hand_over_notes from fortnight_tenant;
  end if;
end $$;
