// A million alerts of which a hundred thousand are not closed, straight into the tables: what years of a large team leave behind.
import pg from 'pg'

export const STORED = Number(process.env['BENCH_STORED'] ?? 1_000_000)
export const NOT_CLOSED = Number(process.env['BENCH_OPEN'] ?? 100_000)

/** Every tenth is not closed, spread over all ages; one environment in a thousand rows is a rare one. */
const FILL = `
  with places as (select id, customer_id, row_number() over (order by slug) - 1 as nth, count(*) over () as many
                  from environments)
  insert into alerts (id, customer_id, environment_id, fingerprint, status, priority, severity, name, summary, group_key,
                      labels, annotations, starts_at, opened_at, acknowledged_at, closed_at)
  select (lpad(to_hex($1::bigint - n * 60000), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0') || '8' || substr(md5(n::text), 1, 15))::uuid,
         p.customer_id, p.id, md5('fingerprint' || n),
         case when n % $4 <> 0 then 'closed' when (n / $4) % 5 = 0 then 'acknowledged' else 'open' end,
         case when n % 97 = 0 then 1 else 2 + n % 4 end, case when n % 97 = 0 then 'critical' else 'warning' end,
         'KubePodCrashLooping' || n % 400, 'Pod tenant-' || n % 5000 || '/worker-' || n || ' restarts again and again',
         '["workload","warning","c' || n % 300 || '"]',
         jsonb_build_object('alertname', 'KubePodCrashLooping' || n % 400, 'cluster', 'c' || n % 300, 'severity', 'warning',
           'namespace', 'tenant-' || n % 5000, 'pod', 'worker-' || n, 'team', 'platform', 'prometheus', 'monitoring/k8s',
           'container', 'app', 'instance', '198.51.100.' || n % 250 || ':9100'),
         jsonb_build_object('description', 'The container has been restarted more than three times within ten minutes.',
           'runbook_url', 'https://runbooks.example/crash-looping')
           || case when n % 1000 = 0 then jsonb_build_object('tags', 'customer-visible, rare-' || n % 50000)
                   when n % 20 = 0 then '{"tags":"storage"}' else '{}' end,
         $1::bigint - n * 60000, $1::bigint - n * 60000,
         case when n % $4 = 0 and (n / $4) % 5 = 0 then $1::bigint - n * 60000 + 1000 end,
         case when n % $4 <> 0 then $1::bigint - n * 60000 + 600000 end
  from generate_series($2::bigint, $3::bigint) as n
  join places p on p.nth = case when n % 1000 = 0 then p.many - 1 else n % (p.many - 1) end`

export const fillAlerts = async (connectionString: string, say: (line: string) => void): Promise<void> => {
  const client = new pg.Client({ connectionString })
  await client.connect()
  const now = Date.now()
  const every = Math.round(STORED / NOT_CLOSED)
  const piece = 50_000
  for (let from = 1; from <= STORED; from += piece)
    await client.query(FILL, [now, from, Math.min(STORED, from + piece - 1), every])
  // What autovacuum does within minutes of such a load.
  await client.query('vacuum (analyze) alerts')
  const { rows } = await client.query<{ size: string; indexes: string }>(
    `select pg_size_pretty(pg_table_size('alerts')) as size, pg_size_pretty(pg_indexes_size('alerts')) as indexes`,
  )
  say(
    `${STORED} alerts stored, ${NOT_CLOSED} not closed: ${rows[0]?.size} and ${rows[0]?.indexes} of indexes`,
  )
  await client.end()
}
