-- Files that people attach to an alert: what they saw, kept as encrypted bytes beside it.
create table alert_attachments (
  id             uuid primary key,
  alert_id       uuid not null,
  customer_id    uuid not null,
  environment_id uuid not null,
  blob_name      text not null references blobs (name),
  file_name      text not null,
  media_type     text not null,
  size           bigint not null,
  attached_at    bigint not null,
  attached_by    uuid not null references accounts (id),
  foreign key (environment_id, customer_id) references environments (id, customer_id)
);
comment on table alert_attachments is 'class: projection';
create index alert_attachments_of on alert_attachments (alert_id);
select guard_tenant_table('alert_attachments');
