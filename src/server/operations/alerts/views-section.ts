/** Everybody's views of the alert list in a configuration document; one's own are not in it. */
import { alertViewEntry, type AlertViewEntry } from '../../../contract/operations/alerts.ts'
import { configurationSection, EntryFault } from '../../people/index.ts'
import type { Tx } from '../../platform/database.ts'
import { changeView, dropView, viewFault } from './views.ts'
import { sharedViews, type ViewRow } from './view-store.ts'

const entryOf = (row: ViewRow): AlertViewEntry => ({
  slug: row.slug ?? '',
  name: row.name,
  query: row.query,
  status: row.status,
  environment: row.environment,
  priority: row.priority as AlertViewEntry['priority'],
  groupBy: row.group_by,
})

const viewNamed = async (db: Tx, slug: string): Promise<ViewRow | undefined> =>
  (await sharedViews(db)).find((row) => row.slug === slug)

configurationSection<AlertViewEntry>({
  key: 'alertViews',
  kind: 'alert view',
  order: 90,
  schema: alertViewEntry,
  nameOf: ({ slug }) => slug,
  references: ({ environment }) =>
    environment ? [{ path: ['environment'], section: 'environments', name: environment }] : [],
  canonical: (entry) => {
    const fault = viewFault(entry)
    if (fault) throw new EntryFault([{ path: [fault.field], detail: fault.detail }])
    return entry
  },
  read: async (db) => (await sharedViews(db)).map(entryOf),
  create: async (tx, { slug, ...fields }) => {
    await changeView(tx, undefined, { account_id: null, slug }, fields)
  },
  update: async (tx, { slug, ...fields }) => {
    await changeView(tx, await viewNamed(tx.db, slug), { account_id: null, slug }, fields)
  },
  archive: async (tx, slug) => {
    const row = await viewNamed(tx.db, slug)
    if (row) await dropView(tx, row)
  },
})
