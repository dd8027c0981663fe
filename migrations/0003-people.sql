-- People: accounts (staff and customer contacts), how they sign in, customers, environments and their clusters, keys.

create table customers (
  id         uuid primary key,
  slug       text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name       text not null,
  archived_at bigint,
  created_at bigint not null
);
comment on table customers is 'class: projection';

-- kind 'contact' belongs to one customer and never holds a staff role.
create table accounts (
  id             uuid primary key,
  kind           text not null check (kind in ('staff', 'contact')),
  customer_id    uuid references customers (id),
  handle         text not null unique check (handle ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
  name           text not null,
  email          text not null,
  roles          text[] not null default '{}',
  locale         text not null default 'en',
  zone           text not null default 'UTC',
  password_hash  text,
  password_changed_at bigint,
  archived_at    bigint,
  created_at     bigint not null,
  check ((kind = 'contact') = (customer_id is not null)),
  check (kind = 'staff' or roles = '{}')
);
comment on table accounts is 'class: projection';
create unique index accounts_email on accounts (lower(email));

create table environments (
  id                  uuid primary key,
  customer_id         uuid not null references customers (id),
  slug                text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name                text not null,
  plan                text,
  provider            text,
  version             text,
  components          text[] not null default '{}',
  commissioned_on     date,
  delivery_manager_id uuid references accounts (id),
  archived_at         bigint,
  created_at          bigint not null,
  next_decision_number integer not null default 1,
  next_incident_number integer not null default 1,
  next_log_number     integer not null default 1,
  unique (id, customer_id)
);
comment on table environments is 'class: projection';

create table clusters (
  id             uuid primary key,
  environment_id uuid not null,
  customer_id    uuid not null,
  role           text not null check (role in ('management', 'workload')),
  name           text not null,
  version        text,
  kube_system_uid text,
  archived_at    bigint,
  foreign key (environment_id, customer_id) references environments (id, customer_id),
  unique (environment_id, name)
);
comment on table clusters is 'class: projection';

create table sessions (
  id          uuid primary key,
  account_id  uuid not null references accounts (id),
  token_hash  bytea not null unique,
  method      text not null,
  user_agent  text not null,
  address     text not null,
  created_at  bigint not null,
  seen_at     bigint not null,
  expires_at  bigint not null,
  revoked_at  bigint
);
comment on table sessions is 'class: machinery';
create index sessions_by_account on sessions (account_id);

create table passkeys (
  id            text primary key,
  account_id    uuid not null references accounts (id),
  name          text not null,
  public_key    bytea not null,
  counter       bigint not null,
  transports    text[] not null default '{}',
  created_at    bigint not null,
  used_at       bigint
);
comment on table passkeys is 'class: projection';

create table oidc_identities (
  issuer     text not null,
  subject    text not null,
  account_id uuid not null references accounts (id),
  created_at bigint not null,
  primary key (issuer, subject)
);
comment on table oidc_identities is 'class: projection';

-- Short-lived secrets of a flow under way (passkey challenge, OIDC state, setup link, link in a message): hashed, single use.
create table one_time_tokens (
  token_hash bytea primary key,
  purpose    text not null,
  account_id uuid references accounts (id),
  subject_id uuid,
  state      jsonb not null default '{}',
  created_at bigint not null,
  expires_at bigint not null,
  used_at    bigint
);
comment on table one_time_tokens is 'class: machinery';
create index one_time_tokens_age on one_time_tokens (expires_at);

create table api_tokens (
  id          uuid primary key,
  account_id  uuid not null references accounts (id),
  name        text not null,
  token_hash  bytea not null unique,
  hint        text not null,
  scopes      text[] not null,
  created_at  bigint not null,
  expires_at  bigint,
  revoked_at  bigint
);
comment on table api_tokens is 'class: projection';

create table integration_keys (
  id             uuid primary key,
  environment_id uuid not null,
  customer_id    uuid not null,
  name           text not null,
  key_hash       bytea not null unique,
  hint           text not null,
  created_at     bigint not null,
  expires_at     bigint,
  revoked_at     bigint,
  foreign key (environment_id, customer_id) references environments (id, customer_id)
);
comment on table integration_keys is 'class: projection';

-- When a token or key was last seen: no history worth an event, so kept apart from what an event changes.
create table credential_uses (
  credential_id uuid primary key,
  used_at       bigint not null,
  address       text not null
);
comment on table credential_uses is 'class: machinery';

-- Tries to sign in, counted for an account at an address and for an address alone. Only hashes: a mistyped handle is
-- often a password.
create table sign_in_tries (
  subject_hash bytea primary key,
  tries        integer not null,
  since_at     bigint not null
);
comment on table sign_in_tries is 'class: machinery';
create index sign_in_tries_age on sign_in_tries (since_at);

alter table ledger_logs add foreign key (environment_id) references environments (id);
create unique index ledger_logs_one_for_the_organisation on ledger_logs ((environment_id is null)) where environment_id is null;
select guard_tenant_table('environments');
select guard_tenant_table('clusters');
select guard_tenant_table('integration_keys');
-- A contact sees their own customer, the staff who serve them, and their own colleagues; nobody else exists.
alter table customers enable row level security;
alter table customers force row level security;
create policy tenant on customers using (tenant_may_see(id)) with check (tenant_may_see(id));
alter table accounts enable row level security;
alter table accounts force row level security;
create policy tenant_reads on accounts for select using (kind = 'staff' or tenant_may_see(customer_id));
create policy tenant_adds on accounts for insert with check (tenant_may_see(customer_id));
create policy tenant_changes on accounts for update using (tenant_may_see(customer_id)) with check (tenant_may_see(customer_id));

-- True for staff and the engine, or when the account belongs to the tenant: a contact signs in, lists and ends sessions
-- under the same confinement as everything else they do.
create function tenant_may_see_account(row_account_id uuid) returns boolean language sql stable as $$
  select coalesce(current_setting('fortnight.customer_id', true), '') = ''
      or exists (select 1 from accounts a where a.id = row_account_id
                 and a.customer_id = nullif(current_setting('fortnight.customer_id', true), '')::uuid)
$$;
do $$
declare t text;
begin
  foreach t in array array['sessions', 'passkeys', 'oidc_identities'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy tenant on %I using (tenant_may_see_account(account_id)) with check (tenant_may_see_account(account_id))', t);
  end loop;
  if exists (select 1 from pg_roles where rolname = 'fortnight_tenant') then
    grant select on customers to fortnight_tenant;
    -- Every column but the password hash, which is compared outside the tenant's sight.
    grant select (id, kind, customer_id, handle, name, email, roles, locale, zone, password_changed_at, archived_at, created_at)
      on accounts to fortnight_tenant;
    grant update (name, locale, zone, password_hash, password_changed_at) on accounts to fortnight_tenant;
    grant select, insert, update on sessions, oidc_identities to fortnight_tenant;
    grant select, insert, update, delete on passkeys to fortnight_tenant;
    grant insert, update on credential_uses to fortnight_tenant;
    grant select, insert, update on one_time_tokens to fortnight_tenant;
  end if;
end $$;
