/** Environments in a configuration document; their clusters are a section of their own. */
import { environmentEntry, type EnvironmentEntry } from '../../../contract/people/configuration.ts'
import { putEnvironmentAway, takeEnvironmentBack } from '../environments/archive-environment.ts'
import { addEnvironment } from '../environments/create-environment.ts'
import { environmentOrFault } from '../environments/find-environment.ts'
import { allEnvironmentRows, type EnvironmentRow } from '../environments/store.ts'
import { changeEnvironment } from '../environments/update-environment.ts'
import { configurationSection, EntryFault } from './section.ts'

const entryOf = (row: EnvironmentRow): EnvironmentEntry => ({
  slug: row.slug,
  customer: row.customer_slug,
  name: row.name,
  plan: row.plan,
  provider: row.provider,
  version: row.version,
  components: row.components,
  commissionedOn: row.commissioned_on,
  deliveryManager: row.delivery_manager_handle,
})

const withoutClusters = (entry: EnvironmentEntry): EnvironmentEntry => {
  const { clusters: _, ...rest } = entry
  return rest
}

configurationSection<EnvironmentEntry>({
  key: 'environments',
  kind: 'environment',
  order: 30,
  schema: environmentEntry,
  nameOf: ({ slug }) => slug,
  references: ({ customer, deliveryManager }) => [
    { path: ['customer'], section: 'customers', name: customer },
    ...(deliveryManager ? [{ path: ['deliveryManager'], section: 'accounts', name: deliveryManager }] : []),
  ],
  canonical: withoutClusters,
  read: async (db) => (await allEnvironmentRows(db)).filter((row) => row.archived_at === null).map(entryOf),
  archived: async (db) =>
    (await allEnvironmentRows(db)).filter((row) => row.archived_at !== null).map(({ slug }) => slug),
  create: async (tx, entry) => {
    await addEnvironment(tx, entry)
  },
  update: async (tx, entry) => {
    const { slug, customer, ...wanted } = withoutClusters(entry)
    const row = await environmentOrFault(tx.db, slug)
    if (row.customer_slug !== customer)
      throw new EntryFault([
        {
          path: ['customer'],
          detail: `${slug} belongs to ${row.customer_slug}, for good; make a new environment`,
        },
      ])
    await changeEnvironment(tx, row, wanted)
  },
  archive: async (tx, slug) => {
    await putEnvironmentAway(tx, await environmentOrFault(tx.db, slug))
  },
  restore: async (tx, slug) => {
    await takeEnvironmentBack(tx, await environmentOrFault(tx.db, slug))
  },
})
