/** Adds, changes and archives the clusters of an environment. */
import type { z } from 'zod'
import type { changedCluster, Cluster, newCluster } from '../../../contract/people/environments.ts'
import type { Ctx } from '../../platform/context.ts'
import { NOTHING_CHANGED, read, record, type WriteTx } from '../../platform/record.ts'
import { changesBetween, refuseOvertaken } from '../changes.ts'
import { sayingWhatExists } from '../unique.ts'
import { clusterAdded, clusterArchived, clusterRestored, clusterUpdated } from './events.ts'
import { clusterOrFault, environmentNamed } from './find-environment.ts'
import { presentCluster } from './present.ts'
import {
  holdCluster,
  insertCluster,
  updateClusterRow,
  type ClusterRow,
  type EnvironmentRow,
} from './store.ts'

const clusterExists = {
  clusters_environment_id_name_key:
    'This environment has a cluster of this name, perhaps archived. Choose another.',
}

const about = (row: ClusterRow) => ({
  stream: row.id,
  customerId: row.customer_id,
  environmentId: row.environment_id,
  refs: [['environment', row.environment_id]] as const,
})

export const addClusterTo = async (
  tx: WriteTx,
  environment: Pick<EnvironmentRow, 'id' | 'customer_id'>,
  wanted: z.output<typeof newCluster>,
): Promise<ClusterRow> => {
  const row: ClusterRow = {
    id: tx.id(),
    environment_id: environment.id,
    customer_id: environment.customer_id,
    role: wanted.role,
    name: wanted.name,
    version: wanted.version ?? null,
    kube_system_uid: wanted.kubeSystemUid ?? null,
    archived_at: null,
  }
  await insertCluster(tx.db, row)
  const { id: _, ...body } = presentCluster(row)
  tx.append(clusterAdded, { ...about(row), body })
  return row
}

/** @returns false when nothing differed */
export const changeCluster = async (
  tx: WriteTx,
  before: ClusterRow,
  wanted: z.output<typeof changedCluster>,
): Promise<boolean> => {
  const { expects, ...fields } = wanted
  refuseOvertaken(before.name, presentCluster(before), expects)
  const changes = changesBetween(presentCluster(before), fields)
  if (changes.length === 0) return false
  const column = (field: string): string => (field === 'kubeSystemUid' ? 'kube_system_uid' : field)
  await updateClusterRow(
    tx.db,
    before.id,
    Object.fromEntries(changes.map(({ field, to }) => [column(field), to])),
  )
  tx.append(clusterUpdated, { ...about(before), body: { name: before.name, changes } })
  return true
}

export const putClusterAway = async (tx: WriteTx, row: ClusterRow): Promise<boolean> => {
  if (row.archived_at !== null) return false
  await updateClusterRow(tx.db, row.id, { archived_at: tx.now })
  tx.append(clusterArchived, { ...about(row), body: { name: row.name } })
  return true
}

export const takeClusterBack = async (tx: WriteTx, row: ClusterRow): Promise<boolean> => {
  if (row.archived_at === null) return false
  await updateClusterRow(tx.db, row.id, { archived_at: null })
  tx.append(clusterRestored, { ...about(row), body: { name: row.name } })
  return true
}

export const addCluster = (
  ctx: Ctx,
  { environment, ...wanted }: { environment: string } & z.output<typeof newCluster>,
): Promise<Cluster> =>
  sayingWhatExists(clusterExists, () =>
    record(ctx, async (tx) =>
      presentCluster(await addClusterTo(tx, await environmentNamed(tx.db, environment), wanted)),
    ),
  )

const through =
  <Wanted extends { clusterId: string }>(
    move: (tx: WriteTx, row: ClusterRow, wanted: Omit<Wanted, 'clusterId'>) => Promise<boolean>,
  ) =>
  async (ctx: Ctx, { clusterId, ...wanted }: Wanted): Promise<Cluster> => {
    await sayingWhatExists(clusterExists, () =>
      record(ctx, async (tx) => {
        await holdCluster(tx.db, clusterId)
        const moved = await move(tx, await clusterOrFault(tx.db, clusterId), wanted)
        return moved ? undefined : NOTHING_CHANGED
      }),
    )
    return read(ctx, async (db) => presentCluster(await clusterOrFault(db, clusterId)))
  }

type ChangeInput = { clusterId: string } & z.output<typeof changedCluster>
export const updateCluster = through<ChangeInput>((tx, row, wanted) => changeCluster(tx, row, wanted))
export const archiveCluster = through<{ clusterId: string }>((tx, row) => putClusterAway(tx, row))
