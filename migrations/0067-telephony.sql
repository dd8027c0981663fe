-- What a carrier said later about a message it had accepted.
alter table page_intents add column delivery text check (delivery in ('delivered', 'failed', 'unknown'));
alter table page_intents add column delivery_at bigint;
alter table page_intents add column delivery_detail text;
create index page_intents_by_method on page_intents (method_id, intended_at desc) where method_id is not null;
