-- A process holds a lock as long as it lives: whoever held one and does not any more is gone, and what it had begun can go
-- on at once instead of after its leases. Older versions hold none; of them nothing is concluded.
alter table processes add column holds_lock boolean not null default false;
alter table page_sends add column leased_by uuid;
