/** Heartbeats become those of the environment that is named for their team. */
import { environmentOf, type TeamEnvironments } from './team-environments.ts'
import type { Directory } from './directory.ts'
import type { HeartbeatDocument } from './document.ts'
import { at, changed, imported, refusedField, rootOf, textAt } from './fields.ts'
import type { Fate, Place, SourceFile, Taken } from './fields.ts'
import { cleanText, lineOf } from './naming.ts'

const UNIT_MINUTES: Readonly<Record<string, number>> = { minutes: 1, hours: 60, days: 1_440 }
const LONGEST_MINUTES = 366 * 1_440
const LONGEST_NAME = 200
const LONGEST_MESSAGE = 130
const LONGEST_DESCRIPTION = 10_000

type Around = { readonly teams: Directory; readonly environments: TeamEnvironments }

const minutesFrom = (root: Place): Taken<number> => {
  const interval = at(root, 'interval')
  const unitPlace = at(root, 'intervalUnit')
  const name = textAt(unitPlace)?.toLowerCase() ?? 'minutes'
  const unit = Object.hasOwn(UNIT_MINUTES, name) ? UNIT_MINUTES[name] : undefined
  const minutes = typeof interval.value === 'number' ? interval.value * (unit ?? Number.NaN) : Number.NaN
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > LONGEST_MINUTES)
    return { why: 'its interval is not a whole number of minutes, hours or days of at most 366 days' }
  const to = `everyMinutes ${minutes}`
  return { taken: minutes, fates: [imported(interval, to), imported(unitPlace, to)] }
}

/** What pages nobody there unless its team's rules say so is not made louder or quieter here. */
const priorityFrom = (root: Place): { priority: number; fate: Fate } => {
  const place = at(root, 'alertPriority')
  const found = /^P([1-5])$/.exec(textAt(place) ?? '')
  if (found) return { priority: Number(found[1]), fate: imported(place, 'priority') }
  return { priority: 3, fate: changed(place, '3', 'P3 is OpsGenie’s where nothing is said') }
}

const wordsFrom = (root: Place, fates: Fate[]): Pick<HeartbeatDocument, 'description' | 'alertMessage'> => {
  const found: { description?: string; alertMessage?: string } = {}
  const take = (field: 'description' | 'alertMessage', to: string | undefined): void => {
    const place = at(root, field)
    const given = textAt(place)
    if (given === undefined || given === '') {
      fates.push(imported(place, 'nothing'))
      return
    }
    if (to === undefined) {
      fates.push(refusedField(place, 'nothing in it can be seen'))
      return
    }
    found[field] = to
    fates.push(
      to === given ? imported(place, field) : changed(place, to, 'as long and as plain as it may be here'),
    )
  }
  take('description', cleanText(textAt(root, 'description') ?? '', LONGEST_DESCRIPTION))
  take('alertMessage', lineOf(textAt(root, 'alertMessage') ?? '', LONGEST_MESSAGE))
  return found
}

const NOT_KEPT: Readonly<Record<string, string>> = {
  alertTags: 'the alert of a heartbeat has no tags here',
  lastPingTime: 'what was heard there stays there: it is expected from its first ping here on',
  expired: 'what was heard there stays there: it is expected from its first ping here on',
}

const heartbeatFrom = (root: Place, around: Around, known: Set<string>): Taken<HeartbeatDocument> => {
  const name = textAt(root, 'name')
  if (name === undefined || lineOf(name, LONGEST_NAME) !== name)
    return {
      why: `its name is not one line of at most ${LONGEST_NAME} characters, and it is pinged by its name`,
    }
  const minutes = minutesFrom(root)
  if ('why' in minutes) return minutes
  const owner = at(root, 'ownerTeam')
  const environment = environmentOf(owner, around.teams, around.environments)
  if ('why' in environment) return environment
  const key = `${environment.to}/${name}`
  if (known.has(key)) return { why: `${environment.to} has a heartbeat of this name already` }
  known.add(key)
  const { priority, fate } = priorityFrom(root)
  const enabled = at(root, 'enabled').value
  const fates: Fate[] = [
    imported(at(root, 'name'), `heartbeats.${environment.to}.name`),
    changed(owner, environment.to, 'a heartbeat belongs to an environment here'),
    fate,
    ...(typeof enabled === 'boolean' ? [imported(at(root, 'enabled'), 'enabled')] : []),
    ...minutes.fates,
    ...Object.entries(NOT_KEPT).map(([field, why]) => refusedField(at(root, field), why)),
  ]
  const words = wordsFrom(root, fates)
  const taken = {
    environment: environment.to,
    name,
    everyMinutes: minutes.taken,
    priority,
    ...words,
    enabled: enabled !== false,
  }
  return { taken, fates }
}

export const importHeartbeats = (
  files: readonly SourceFile[],
  around: Around,
  fates: Fate[],
): HeartbeatDocument[] => {
  const known = new Set<string>()
  return files.map(rootOf).flatMap((root) => {
    const heartbeat = heartbeatFrom(root, around, known)
    if ('why' in heartbeat) {
      fates.push(refusedField(root, heartbeat.why))
      return []
    }
    fates.push(...heartbeat.fates)
    return [heartbeat.taken]
  })
}
