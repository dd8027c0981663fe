-- Within how many minutes the contract of an environment wants somebody to have a page: steps of a policy may count in parts of it.

-- minutes: { "1": 30, … } by priority; one that is not named has none.
create table response_times (
  environment_id uuid primary key,
  customer_id    uuid not null,
  minutes        jsonb not null,
  changed_at     bigint not null,
  foreign key (environment_id, customer_id) references environments (id, customer_id)
);
comment on table response_times is 'class: projection';
select guard_tenant_table('response_times');
