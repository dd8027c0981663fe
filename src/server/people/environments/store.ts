/** SQL over environments and clusters. */
import type { Insertable } from 'kysely'
import type { Db, Tables, Tx } from '../../platform/database.ts'

export type ClusterRow = Tables['clusters']
export type EnvironmentRow = {
  id: string
  slug: string
  name: string
  customer_id: string
  customer_slug: string
  customer_name: string
  plan: string | null
  provider: string | null
  version: string | null
  components: string[]
  commissioned_on: string | null
  delivery_manager_id: string | null
  delivery_manager_name: string | null
  delivery_manager_handle: string | null
  archived_at: number | null
  created_at: number
}

const selectEnvironments = (db: Db | Tx) =>
  db
    .selectFrom('environments')
    .innerJoin('customers', 'customers.id', 'environments.customer_id')
    .leftJoin('accounts as manager', 'manager.id', 'environments.delivery_manager_id')
    .select([
      'environments.id',
      'environments.slug',
      'environments.name',
      'environments.customer_id',
      'customers.slug as customer_slug',
      'customers.name as customer_name',
      'environments.plan',
      'environments.provider',
      'environments.version',
      'environments.components',
      'environments.commissioned_on',
      'environments.delivery_manager_id',
      'manager.name as delivery_manager_name',
      'manager.handle as delivery_manager_handle',
      'environments.archived_at',
      'environments.created_at',
    ])

export const findEnvironment = (
  db: Db | Tx,
  by: 'id' | 'slug',
  value: string,
): Promise<EnvironmentRow | undefined> =>
  selectEnvironments(db).where(`environments.${by}`, '=', value).executeTakeFirst()

/** Until the transaction ends nobody else changes it; what refers to it goes on. */
export const holdEnvironment = async (tx: Tx, id: string): Promise<void> => {
  await tx.selectFrom('environments').select('id').where('id', '=', id).forNoKeyUpdate().execute()
}

export const listEnvironmentRows = (
  db: Db | Tx,
  wanted: { customerId?: string | undefined; archived: boolean; after?: string | undefined; limit: number },
): Promise<EnvironmentRow[]> => {
  let query = selectEnvironments(db)
    .where('environments.archived_at', wanted.archived ? 'is not' : 'is', null)
    .orderBy('environments.slug')
    .limit(wanted.limit)
  if (wanted.customerId !== undefined) query = query.where('environments.customer_id', '=', wanted.customerId)
  if (wanted.after !== undefined) query = query.where('environments.slug', '>', wanted.after)
  return query.execute()
}

export const allEnvironmentRows = (db: Db | Tx): Promise<EnvironmentRow[]> =>
  selectEnvironments(db).orderBy('environments.slug').execute()

export const insertEnvironment = async (tx: Tx, row: Insertable<Tables['environments']>): Promise<void> => {
  await tx.insertInto('environments').values(row).execute()
}

export type EnvironmentChange = {
  name?: string
  plan?: string | null
  provider?: string | null
  version?: string | null
  components?: string[]
  commissioned_on?: string | null
  delivery_manager_id?: string | null
  archived_at?: number | null
}
export const updateEnvironmentRow = async (tx: Tx, id: string, change: EnvironmentChange): Promise<void> => {
  await tx.updateTable('environments').set(change).where('id', '=', id).execute()
}

export const clustersOf = (db: Db | Tx, environmentIds: readonly string[]): Promise<ClusterRow[]> =>
  environmentIds.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('clusters')
        .selectAll()
        .where('environment_id', 'in', environmentIds)
        .where('archived_at', 'is', null)
        .orderBy('role')
        .orderBy('name')
        .execute()

/** Archived ones too. */
export const allClusterRows = (db: Db | Tx): Promise<ClusterRow[]> =>
  db.selectFrom('clusters').selectAll().orderBy('role').orderBy('name').execute()

export const findCluster = (db: Db | Tx, id: string): Promise<ClusterRow | undefined> =>
  db.selectFrom('clusters').selectAll().where('id', '=', id).executeTakeFirst()

export const holdCluster = async (tx: Tx, id: string): Promise<void> => {
  await tx.selectFrom('clusters').select('id').where('id', '=', id).forNoKeyUpdate().execute()
}

export const insertCluster = async (tx: Tx, row: ClusterRow): Promise<void> => {
  await tx.insertInto('clusters').values(row).execute()
}

export const updateClusterRow = async (
  tx: Tx,
  id: string,
  change: Partial<Pick<ClusterRow, 'name' | 'role' | 'version' | 'kube_system_uid' | 'archived_at'>>,
): Promise<void> => {
  await tx.updateTable('clusters').set(change).where('id', '=', id).execute()
}
