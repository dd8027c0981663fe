/** Schedules become schedules whose rotations are on call all together, as they are in OpsGenie. */
import { isRefusal } from '../../refusal.ts'
import { zoneNamed } from '../../time/zone.ts'
import type { Directories } from './directory.ts'
import type { RotationDocument, ScheduleDocument } from './document.ts'
import { at, changed, entriesOf, imported, refusedField, rootOf, textAt } from './fields.ts'
import type { Fate, Place, SourceFile, Taken } from './fields.ts'
import { importOverrides, type AfterwardsCommand } from './import-overrides.ts'
import { importRotation, type OfSchedule } from './import-rotation.ts'
import { CALLED_BY_SLUG, ONE_LINE } from './import-teams.ts'
import { lineOf, namesOnce, slugOf, type Names } from './naming.ts'

const MOST_LAYERS = 10

const WITHOUT_PLACE: Readonly<Record<string, string>> = {
  description: 'schedules have no description here',
  ownerTeam: 'schedules belong to the organisation here, and who may change them goes by roles',
}

/** @param rotationIds learns the layer of each rotation, by its id and its name */
const layersFrom = (
  schedule: Place,
  around: OfSchedule,
  rotationIds: Map<string, string>,
  fates: Fate[],
): RotationDocument[] => {
  const layers: RotationDocument[] = []
  const rotations = at(schedule, 'rotations')
  for (const place of entriesOf(rotations)) {
    const rotation: Taken<RotationDocument> =
      layers.length >= MOST_LAYERS
        ? { why: `a schedule has at most ${MOST_LAYERS} rotations here` }
        : importRotation(place, around)
    if ('why' in rotation) {
      fates.push(refusedField(place, `the rotation was refused: ${rotation.why}`))
      continue
    }
    layers.push(rotation.taken)
    for (const name of [textAt(place, 'id'), textAt(place, 'name')])
      if (name !== undefined && !rotationIds.has(name)) rotationIds.set(name, rotation.taken.id)
    fates.push(...rotation.fates)
  }
  if (Array.isArray(rotations.value) && rotations.value.length === 0)
    fates.push(imported(rotations, 'layers'))
  return layers
}

type Around = {
  readonly directories: Directories
  readonly slugs: Names
  readonly now: number
  /** Learns what is to be run after the document was applied. */
  readonly afterwards: AfterwardsCommand[]
}

const scheduleFrom = (
  root: Place,
  { directories, slugs, now, afterwards }: Around,
): Taken<ScheduleDocument> => {
  const schedule = at(root, 'schedule')
  const given = textAt(schedule, 'name')
  const name = lineOf(given ?? '')
  if (name === undefined) return { why: 'a schedule without a name cannot be called' }
  if (at(schedule, 'enabled').value === false)
    return { why: 'it is disabled, so nobody is on call by it; enable it there first if it is wanted' }
  const zonePlace = at(schedule, 'timezone')
  const givenZone = textAt(zonePlace) ?? ''
  const zone = zoneNamed(givenZone)
  if (isRefusal(zone)) return { why: 'its time zone is not known here, and turns change by it' }
  const slug = slugs.give(slugOf(name, 'schedule'))
  const fates: Fate[] = [
    changed(at(schedule, 'id'), slug, CALLED_BY_SLUG),
    name === given
      ? imported(at(schedule, 'name'), `schedules.${slug}.name`)
      : changed(at(schedule, 'name'), name, ONE_LINE),
    zone === givenZone
      ? imported(zonePlace, 'zone of every rotation')
      : changed(zonePlace, zone, 'as the zone is spelled here'),
    ...(at(schedule, 'enabled').value === true ? [imported(at(schedule, 'enabled'), 'in use')] : []),
  ]
  const rotationIds = new Map<string, string>()
  const layers = layersFrom(schedule, { zone, directories, ids: namesOnce(), now }, rotationIds, fates)
  const overrides = at(root, 'scheduleOverrideList')
  afterwards.push(
    ...importOverrides(overrides, { slug, rotationIds, people: directories.people, now }, fates),
  )
  fates.push(...Object.entries(WITHOUT_PLACE).map(([field, why]) => refusedField(at(schedule, field), why)))
  return { taken: { slug, name, combine: 'all', layers }, fates }
}

export const importSchedules = (
  files: readonly SourceFile[],
  around: Around,
  fates: Fate[],
): ScheduleDocument[] =>
  files.map(rootOf).flatMap((root) => {
    const { schedules } = around.directories
    const place = at(root, 'schedule')
    const schedule = scheduleFrom(root, around)
    const names = [textAt(place, 'name') ?? []].flat()
    if ('why' in schedule) {
      schedules.add(place, names, { why: `the schedule was refused: ${schedule.why}` })
      fates.push(refusedField(root, schedule.why))
      return []
    }
    schedules.add(place, names, { to: schedule.taken.slug })
    fates.push(...schedule.fates)
    return [schedule.taken]
  })
