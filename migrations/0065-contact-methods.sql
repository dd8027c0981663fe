-- Ways to reach a person that they add themselves. Browsers are in push_subscriptions.

-- sealed_target: { address, key } encrypted with a key that is not in the database. target_digest is keyed: it finds a
-- method by its address (a number that replies) and keeps one person from adding the same twice.
create table contact_methods (
  id            uuid primary key,
  account_id    uuid not null references accounts (id),
  kind          text not null check (kind in ('email', 'sms', 'voice', 'ntfy', 'webhook', 'slack', 'mattermost')),
  sealed_target bytea not null,
  target_digest bytea not null,
  created_at    bigint not null,
  verified_at   bigint,
  proven_at     bigint,
  removed_at    bigint
);
comment on table contact_methods is 'class: projection';
create unique index contact_methods_known on contact_methods (account_id, kind, target_digest) where removed_at is null;
create index contact_methods_by_target on contact_methods (kind, target_digest) where removed_at is null;

-- The code under way. It is not stored: it follows from the method, the moment it was issued and a key outside of the database.
create table contact_codes (
  method_id   uuid primary key references contact_methods (id),
  account_id  uuid not null references accounts (id),
  issued_at   bigint,
  tries       integer not null default 0,
  sent_count  integer not null default 0,
  sent_since  bigint not null
);
comment on table contact_codes is 'class: machinery';
create index contact_codes_by_account on contact_codes (account_id);

-- An alert that comes in asks how the staff whom it pages can be reached, never at which address.
alter table contact_methods enable row level security;
alter table contact_methods force row level security;
create policy tenant on contact_methods
  using (coalesce(current_setting('fortnight.customer_id', true), '') = ''
         or exists (select 1 from accounts a where a.id = account_id and a.kind = 'staff'));
do $$
begin
  if exists (select 1 from pg_roles where rolname = 'fortnight_tenant') then
    revoke all on contact_methods, contact_codes from fortnight_tenant;
    grant select (id, account_id, kind, verified_at, removed_at) on contact_methods to fortnight_tenant;
  end if;
end $$;
