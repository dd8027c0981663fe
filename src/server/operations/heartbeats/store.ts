/** All SQL of heartbeats and of when they were heard. Row-level security knows customers alone: the environment is always named. */
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database.ts'

export type HeartbeatRow = {
  id: string
  customer_id: string
  environment_id: string
  name: string
  description: string
  alert_message: string
  priority: number
  interval_ms: number
  enabled: boolean
  expired_at: number | null
  created_at: number
  removed_at: number | null
}

declare module '../../platform/database.ts' {
  interface Tables {
    heartbeats: HeartbeatRow
    heartbeat_pings: {
      environment_id: string
      name: string
      customer_id: string
      last_at: number
      count: number
    }
  }
}

export type HeardHeartbeat = HeartbeatRow & { last_at: number | null }

const selectHeard = (db: Db | Tx, environmentId: string) =>
  db
    .selectFrom('heartbeats')
    .leftJoin('heartbeat_pings', (join) =>
      join
        .onRef('heartbeat_pings.environment_id', '=', 'heartbeats.environment_id')
        .onRef('heartbeat_pings.name', '=', 'heartbeats.name'),
    )
    .selectAll('heartbeats')
    .select('heartbeat_pings.last_at')
    .where('heartbeats.environment_id', '=', environmentId)
    .where('heartbeats.removed_at', 'is', null)

export const findHeartbeat = (
  db: Db | Tx,
  environmentId: string,
  name: string,
): Promise<HeardHeartbeat | undefined> =>
  selectHeard(db, environmentId).where('heartbeats.name', '=', name).executeTakeFirst()

export const listHeartbeatRows = (db: Db, environmentId: string): Promise<HeardHeartbeat[]> =>
  selectHeard(db, environmentId).orderBy('heartbeats.name').limit(1_000).execute()

/** Whoever changes one, pings it or finds it silent waits here for the others. */
export const lockHeartbeat = (
  db: Tx,
  by: { readonly id: string } | { readonly environmentId: string; readonly name: string },
): Promise<HeartbeatRow | undefined> => {
  const query = db.selectFrom('heartbeats').selectAll().where('removed_at', 'is', null)
  return (
    'id' in by
      ? query.where('id', '=', by.id)
      : query.where('environment_id', '=', by.environmentId).where('name', '=', by.name)
  )
    .forUpdate()
    .executeTakeFirst()
}

export const lastPingOf = async (
  db: Tx,
  { environment_id, name }: Pick<HeartbeatRow, 'environment_id' | 'name'>,
): Promise<number | undefined> =>
  (
    await db
      .selectFrom('heartbeat_pings')
      .select('last_at')
      .where('environment_id', '=', environment_id)
      .where('name', '=', name)
      .executeTakeFirst()
  )?.last_at

export const putHeartbeat = async (db: Tx, row: HeartbeatRow): Promise<void> => {
  await db
    .insertInto('heartbeats')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
}

/** Names nobody defined are counted, too, up to a bound that a fault in a script may reach. */
export const putPing = async (
  db: Tx,
  ping: { customerId: string; environmentId: string; name: string; at: number; mostNames: number },
): Promise<void> => {
  await sql`
    insert into heartbeat_pings (environment_id, name, customer_id, last_at, count)
    select ${ping.environmentId}::uuid, ${ping.name}, ${ping.customerId}::uuid, ${ping.at}::bigint, 1
    where (select count(*) from heartbeat_pings where environment_id = ${ping.environmentId}::uuid) < ${ping.mostNames}
       or exists (select 1 from heartbeats where environment_id = ${ping.environmentId}::uuid and name = ${ping.name} and removed_at is null)
       or exists (select 1 from heartbeat_pings where environment_id = ${ping.environmentId}::uuid and name = ${ping.name})
    on conflict (environment_id, name) do update
      set last_at = greatest(heartbeat_pings.last_at, excluded.last_at), count = heartbeat_pings.count + 1`.execute(
    db,
  )
}

export type OrphanRow = { readonly name: string; readonly last_at: number; readonly count: number }

/** Names that ping and that nobody defined, the ones heard last first. */
export const findOrphans = (db: Db, environmentId: string): Promise<OrphanRow[]> =>
  db
    .selectFrom('heartbeat_pings')
    .select(['name', 'last_at', 'count'])
    .where('environment_id', '=', environmentId)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('heartbeats')
            .select('heartbeats.id')
            .whereRef('heartbeats.environment_id', '=', 'heartbeat_pings.environment_id')
            .whereRef('heartbeats.name', '=', 'heartbeat_pings.name')
            .where('heartbeats.removed_at', 'is', null),
        ),
      ),
    )
    .orderBy('last_at', 'desc')
    .orderBy('name')
    .limit(1_000)
    .execute()

/** Of environments in use, by environment and name. */
export const heartbeatsInUse = async (
  db: Db | Tx,
): Promise<{ readonly environment: string; readonly row: HeartbeatRow }[]> => {
  const rows = await db
    .selectFrom('heartbeats')
    .innerJoin('environments', 'environments.id', 'heartbeats.environment_id')
    .selectAll('heartbeats')
    .select('environments.slug')
    .where('heartbeats.removed_at', 'is', null)
    .where('environments.archived_at', 'is', null)
    .orderBy('environments.slug')
    .orderBy('heartbeats.name')
    .execute()
  return rows.map(({ slug, ...row }) => ({ environment: slug, row }))
}
