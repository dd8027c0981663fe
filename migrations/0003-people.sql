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

alter table ledger_logs add foreign key (environment_id) references environments (id);
select guard_tenant_table('environments');
select guard_tenant_table('clusters');
select guard_tenant_table('integration_keys');
-- A contact sees their own customer, the staff who serve them, and their own colleagues; nobody else exists.
alter table customers enable row level security;
alter table customers force row level security;
create policy tenant on customers using (tenant_may_see(id)) with check (tenant_may_see(id));
alter table accounts enable row level security;
alter table accounts force row level security;
create policy tenant on accounts using (kind = 'staff' or tenant_may_see(customer_id)) with check (tenant_may_see(customer_id));
do $$
begin
  if exists (select 1 from pg_roles where rolname = 'fortnight_tenant') then
    grant select on customers, accounts to fortnight_tenant;
    grant insert, update on credential_uses, one_time_tokens to fortnight_tenant;
  end if;
end $$;
