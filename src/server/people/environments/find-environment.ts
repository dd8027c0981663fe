/** Finds environments and clusters for verbs, or says that they are not there. */
import type { Db, Tx } from '../../platform/database.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { isUuid } from '../../platform/ids.ts'
import { findCluster, findEnvironment, type ClusterRow, type EnvironmentRow } from './store.ts'

/** By slug or id. Within a contact's transaction other customers' environments are not there. */
export const environmentOrFault = async (db: Db | Tx, named: string): Promise<EnvironmentRow> => {
  const row = await findEnvironment(db, isUuid(named) ? 'id' : 'slug', named)
  if (!row) throw notFound(`The environment ${named}`)
  return row
}

/** One that is in use: nothing new is given to an archived environment. */
export const environmentNamed = async (db: Db | Tx, named: string): Promise<EnvironmentRow> => {
  const row = await environmentOrFault(db, named)
  if (row.archived_at !== null)
    throw new Fault('conflict', `The environment ${row.slug} is archived. Restore it first.`)
  return row
}

export const clusterOrFault = async (db: Db | Tx, id: string): Promise<ClusterRow> => {
  const row = await findCluster(db, id)
  if (!row) throw notFound('This cluster')
  return row
}
