-- What people do to an alert beside taking and closing it: whose it is, until when it sleeps, what it is tagged with.

-- Tags are one text among the annotations, as their senders write them; the list is what is asked for.
create function tags_in(annotations jsonb) returns text[] language sql immutable parallel safe
  return case when annotations ? 'tags'
    then array_remove(regexp_split_to_array(btrim(annotations ->> 'tags'), '\s*,\s*'), '') else '{}' end;

alter table alerts
  add column owner_id         uuid references accounts (id),
  add column snoozed_until_at bigint,
  add column snoozed_by       uuid references accounts (id),
  add column tags             text[] not null generated always as (tags_in(annotations)) stored;

-- A page somebody asked for (a named policy, a person called in) rings for its own alerts. Whatever opens later goes to
-- those on call and must not vanish into a page that rings for somebody else.
alter table pages add column joinable boolean not null default true;
update pages set joinable = false where incident_id is not null;
