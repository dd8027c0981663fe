/** Schedules in a configuration document. Overrides are not in it: they belong to the days and not to the team. */
import { isRefusal } from '../../../domain/refusal.ts'
import { zoneNamed } from '../../../domain/time/zone.ts'
import { configurationSection, EntryFault } from '../../people/configuration/section.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { putScheduleAway, takeScheduleBack } from './archive-schedule.ts'
import { scheduleDocument, type ScheduleDocument } from './configuration.ts'
import type { ScheduleDefinition } from './definition.ts'
import { addSchedule } from './create-schedule.ts'
import { asEntry, throwFaults } from './entry-fault.ts'
import { changeSchedule } from './replace-schedule.ts'
import { definitionFromDocument, documentOfSchedule } from './rotation-document.ts'
import { loadNames, loadSchedules } from './store.ts'

const withProperZones = (document: ScheduleDocument): ScheduleDocument => ({
  ...document,
  layers: document.layers.map((layer, index) => {
    const zone = zoneNamed(layer.zone)
    if (isRefusal(zone)) throw new EntryFault([{ path: ['layers', index, 'zone'], detail: zone.detail }])
    return { ...layer, zone }
  }),
})

const definitionOf = async (db: Tx, document: ScheduleDocument): Promise<ScheduleDefinition> => {
  const { definition, faults } = definitionFromDocument(document, await loadNames(db))
  throwFaults(faults)
  return definition
}

/** No override is wanted here, and none ends after the end of time. */
const withoutOverrides = (db: Db | Tx) => loadSchedules(db, undefined, Number.MAX_SAFE_INTEGER)

configurationSection<ScheduleDocument>({
  key: 'schedules',
  kind: 'schedule',
  order: 50,
  schema: scheduleDocument,
  nameOf: ({ slug }) => slug,
  references: ({ layers }) =>
    layers.flatMap(({ participants }, layer) =>
      participants.flatMap((name, turn) =>
        name === null
          ? []
          : typeof name === 'string'
            ? [{ path: ['layers', layer, 'participants', turn], section: 'accounts', name }]
            : [{ path: ['layers', layer, 'participants', turn, 'team'], section: 'teams', name: name.team }],
      ),
    ),
  canonical: withProperZones,
  read: async (db) => {
    const names = await loadNames(db)
    return (await withoutOverrides(db))
      .filter(({ archivedAt }) => archivedAt === null)
      .map(({ slug, name, rules }) => documentOfSchedule({ slug, name, ...rules }, names))
  },
  archived: async (db) =>
    (await withoutOverrides(db)).filter(({ archivedAt }) => archivedAt !== null).map(({ slug }) => slug),
  create: async (tx, entry) => {
    const definition = await definitionOf(tx.db, entry)
    await asEntry(() => addSchedule(tx, { slug: entry.slug, name: entry.name, ...definition }))
  },
  update: async (tx, entry) => {
    const definition = await definitionOf(tx.db, entry)
    await asEntry(() => changeSchedule(tx, entry.slug, { name: entry.name, ...definition }))
  },
  archive: async (tx, slug) => {
    await putScheduleAway(tx, slug)
  },
  restore: async (tx, slug) => {
    await takeScheduleBack(tx, slug)
  },
})
