-- With which integration key an alert came, where it came with one: what OpsGenie calls its integration.
alter table alerts add column key_id uuid;
