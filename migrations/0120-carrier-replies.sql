-- Replies that a carrier brought and that were worked, as digests of what it calls them: a signed request that comes
-- again, whenever that is, does nothing twice. Kept for good; a row is as old as its reply and some 60 bytes.
create table carrier_replies (
  digest      bytea primary key,
  received_at bigint not null
);
comment on table carrier_replies is 'class: machinery';
do $$
begin
  if exists (select 1 from pg_roles where rolname = 'fortnight_tenant') then
    revoke all on carrier_replies from fortnight_tenant;
  end if;
end $$;
