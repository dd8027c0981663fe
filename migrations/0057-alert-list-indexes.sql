-- The list of a hundred thousand alerts that are not closed, scattered over a million rows: what people narrow it by is
-- decided in the index, in its order, and no row is fetched to be left out. Measured with tools/bench/list.bench.ts:
-- priority P1 (one in a hundred) 150 ms with the index of time alone.
create index alerts_not_closed on alerts (opened_at desc, id desc, priority, status, environment_id, customer_id)
  where status <> 'closed';
drop index alerts_recent_not_closed;

-- Labels and tags by value: 10 µs of PostgreSQL a new alert. Trigrams of name and message were measured and lost: 55 µs.
create index alerts_not_closed_labels on alerts using gin (labels jsonb_path_ops) where status <> 'closed';
-- A column of its own: of an expression in a partial index the planner knows no frequencies, and reads all rows of a
-- frequent tag one by one (442 ms) instead of the newest in order.
alter table alerts add column tag_keys text[] not null generated always as (
  case when annotations ? 'tags'
    then array_remove(regexp_split_to_array(lower(btrim(annotations ->> 'tags')), '\s*,\s*'), '') else '{}' end) stored;
create index alerts_not_closed_tags on alerts using gin (tag_keys) where status <> 'closed';
