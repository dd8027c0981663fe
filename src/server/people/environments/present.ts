/** Environments and clusters as the API shows them. */
import type { Cluster, Environment } from '../../../contract/people/environments.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { clustersOf, type ClusterRow, type EnvironmentRow } from './store.ts'

export const presentCluster = (row: ClusterRow): Cluster => ({
  id: row.id,
  name: row.name,
  role: row.role,
  version: row.version,
  kubeSystemUid: row.kube_system_uid,
})

const present = (row: EnvironmentRow, clusters: readonly ClusterRow[]): Environment => ({
  id: row.id,
  slug: row.slug,
  name: row.name,
  customer: { id: row.customer_id, slug: row.customer_slug, name: row.customer_name },
  plan: row.plan,
  provider: row.provider,
  version: row.version,
  components: row.components,
  commissionedOn: row.commissioned_on,
  deliveryManager:
    row.delivery_manager_id === null
      ? null
      : { id: row.delivery_manager_id, name: row.delivery_manager_name ?? '' },
  clusters: clusters.map(presentCluster),
  createdAt: row.created_at,
  archivedAt: row.archived_at,
})

export const presentEnvironments = async (
  db: Db | Tx,
  rows: readonly EnvironmentRow[],
): Promise<Environment[]> => {
  const clusters = await clustersOf(
    db,
    rows.map((row) => row.id),
  )
  const byEnvironment = Map.groupBy(clusters, (cluster) => cluster.environment_id)
  return rows.map((row) => present(row, byEnvironment.get(row.id) ?? []))
}

export const presentEnvironment = async (db: Db | Tx, row: EnvironmentRow): Promise<Environment> =>
  present(row, await clustersOf(db, [row.id]))
