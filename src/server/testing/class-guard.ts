/** Test mode only: the database itself checks that projections change only together with an event. */
import type { Client } from 'pg'

const guardSql = `
create or replace function class_guard() returns trigger language plpgsql as $$
begin
  if coalesce(current_setting('fortnight.class_guard', true), '') <> 'off'
     and not exists (select 1 from events where xid = pg_current_xact_id()) then
    raise exception 'projection % changed in a transaction without an event', tg_table_name;
  end if;
  return null;
end $$;
do $$
declare t record;
begin
  for t in
    select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and not c.relispartition and n.nspname = current_schema()
      and obj_description(c.oid) like 'class: projection%'
  loop
    execute format('drop trigger if exists class_guard on %I', t.relname);
    execute format('create constraint trigger class_guard after insert or update or delete on %I
                    deferrable initially deferred for each row execute function class_guard()', t.relname);
  end loop;
end $$;`

export const CLASSES = ['act', 'observation', 'projection', 'machinery'] as const

/** Puts the guard on every table of class projection. */
export const installClassGuard = async (client: Client): Promise<void> => {
  await client.query(guardSql)
}

/** Names of tables that do not say their class; must be empty. */
export const tablesWithoutClass = async (client: Pick<Client, 'query'>): Promise<string[]> => {
  const { rows } = await client.query<{ relname: string }>(`
    select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname = current_schema()
      and coalesce(obj_description(c.oid), '') !~ '^class: (${CLASSES.join('|')})'
    order by 1`)
  return rows.map((row) => row.relname)
}
