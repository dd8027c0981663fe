/** Clusters in a configuration document: they stand within their environment, and are named `environment/cluster`. */
import type { z } from 'zod'
import { clusterEntry, type EnvironmentEntry } from '../../../contract/people/configuration.ts'
import { slug } from '../../../contract/shapes.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { notFound } from '../../platform/faults.ts'
import {
  addClusterTo,
  changeCluster,
  putClusterAway,
  takeClusterBack,
} from '../environments/change-clusters.ts'
import { environmentOrFault } from '../environments/find-environment.ts'
import { allClusterRows, allEnvironmentRows, type ClusterRow } from '../environments/store.ts'
import { configurationSection, type ConfigurationDocument } from './section.ts'

const placedCluster = clusterEntry.extend({ environment: slug })
type PlacedCluster = z.output<typeof placedCluster>
type Found = { readonly row: ClusterRow; readonly environment: string }

/** Of environments in use. */
const clustersInUse = async (db: Db | Tx): Promise<Found[]> => {
  const environments = (await allEnvironmentRows(db)).filter((row) => row.archived_at === null)
  const slugs = new Map(environments.map((row) => [row.id, row.slug]))
  return (await allClusterRows(db)).flatMap((row) => {
    const environment = slugs.get(row.environment_id)
    return environment === undefined ? [] : [{ row, environment }]
  })
}

const clusterNamed = async (db: Db | Tx, name: string): Promise<ClusterRow> => {
  const found = (await clustersInUse(db)).find(
    ({ row, environment }) => `${environment}/${row.name}` === name,
  )
  if (!found) throw notFound(`The cluster ${name}`)
  return found.row
}

const entryOf = ({ row, environment }: Found): PlacedCluster => ({
  environment,
  name: row.name,
  role: row.role,
  version: row.version,
  kubeSystemUid: row.kube_system_uid,
})
const nameOf = ({ environment, name }: PlacedCluster): string => `${environment}/${name}`

/** As it stands within its environment. */
const written = (entry: PlacedCluster): object =>
  Object.fromEntries(
    Object.entries(entry).filter(([field, value]) => field !== 'environment' && value !== null),
  )

const environmentsIn = (document: ConfigurationDocument): readonly EnvironmentEntry[] =>
  (document['environments'] ?? []) as readonly EnvironmentEntry[]

configurationSection<PlacedCluster>({
  key: 'environments',
  kind: 'cluster',
  order: 40,
  schema: placedCluster,
  nameOf,
  read: async (db) => (await clustersInUse(db)).filter(({ row }) => row.archived_at === null).map(entryOf),
  archived: async (db) =>
    (await clustersInUse(db))
      .filter(({ row }) => row.archived_at !== null)
      .map((found) => nameOf(entryOf(found))),
  create: async (tx, { environment, ...cluster }) => {
    await addClusterTo(tx, await environmentOrFault(tx.db, environment), cluster)
  },
  update: async (tx, entry) => {
    const { environment: _, name: __, ...wanted } = entry
    await changeCluster(tx, await clusterNamed(tx.db, nameOf(entry)), wanted)
  },
  archive: async (tx, name) => {
    await putClusterAway(tx, await clusterNamed(tx.db, name))
  },
  restore: async (tx, name) => {
    await takeClusterBack(tx, await clusterNamed(tx.db, name))
  },
  placement: {
    find: (document) =>
      environmentsIn(document).flatMap(({ slug: environment, clusters = [] }, at) =>
        clusters.map((cluster, index) => ({
          entry: { ...cluster, environment },
          path: ['environments', at, 'clusters', index],
        })),
      ),
    put: (document, entries) => {
      document['environments'] = environmentsIn(document).map((environment) => ({
        ...environment,
        clusters: entries.filter((entry) => entry.environment === environment.slug).map(written),
      }))
    },
    covers: (document, name) =>
      environmentsIn(document).some(
        ({ slug: environment, clusters }) => clusters !== undefined && name.startsWith(`${environment}/`),
      ),
  },
})
