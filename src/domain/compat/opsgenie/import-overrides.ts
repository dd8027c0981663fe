/** What belongs to days and not to a team, overrides and forwardings, becomes commands to run once the document was applied. */
import { formatInstant, day } from '../../time/instant.ts'
import { referenceFate, type Directory } from './directory.ts'
import { at, changed, entriesOf, imported, refusedField, rootOf, textAt } from './fields.ts'
import type { Fate, Place, SourceFile, Taken } from './fields.ts'
import { END_OF_ROTAS, instantAt } from './source-instant.ts'

/** The words of one command of `fortnight`: slugs, handles, options and instants, none of which a shell would read otherwise. */
export type AfterwardsCommand = readonly string[]

/** As long as an override or a forwarding may last here. */
const LONGEST_MS = 400 * day

const NOT_NAMED = 'it is called by an id of its own here'
const BY_COMMAND = 'in the commands to run afterwards'

type Stretch = { readonly from: string; readonly until: string }

const stretchFrom = (place: Place, what: string, now: number): Taken<Stretch> => {
  const [start, end] = [at(place, 'startDate'), at(place, 'endDate')]
  const [from, to] = [instantAt(start), instantAt(end)]
  if (from === undefined || to === undefined || from < 0 || to >= END_OF_ROTAS || to <= from)
    return { why: `from when to when this ${what} lasts cannot be read` }
  if (to <= now) return { why: `this ${what} is over` }
  if (to - from > LONGEST_MS)
    return { why: `this ${what} lasts longer than 400 days: change the rota instead` }
  const taken = { from: formatInstant(from), until: formatInstant(to) }
  return { taken, fates: [imported(start, BY_COMMAND), imported(end, BY_COMMAND)] }
}

type OfSchedule = {
  readonly slug: string
  /** Layers by the id and the name of their rotation. */
  readonly rotationIds: ReadonlyMap<string, string>
  readonly people: Directory
  readonly now: number
}

const rotationsFrom = (override: Place, rotationIds: OfSchedule['rotationIds']): Taken<readonly string[]> => {
  const place = at(override, 'rotations')
  const given = entriesOf(place)
  if (!Array.isArray(place.value) && place.value !== undefined && place.value !== null)
    return { why: 'which rotations it concerns cannot be read' }
  if (given.length === 0) return { taken: [], fates: [imported(place, 'the whole schedule')] }
  const fates: Fate[] = []
  const taken = new Set<string>()
  for (const rotation of given) {
    const id =
      rotationIds.get(textAt(rotation, 'id') ?? '') ?? rotationIds.get(textAt(rotation, 'name') ?? '')
    if (id !== undefined) taken.add(id)
    fates.push(
      id === undefined ? refusedField(rotation, 'this rotation was refused') : imported(rotation, id),
    )
  }
  return taken.size === 0
    ? { why: 'none of the rotations that it concerns was taken over' }
    : { taken: [...taken], fates }
}

const whoFrom = (override: Place, people: Directory): Taken<string> => {
  const place = at(override, 'user')
  const type = textAt(place, 'type') ?? 'user'
  if (type === 'none') return { taken: 'nobody', fates: [imported(place, 'nobody')] }
  if (type !== 'user') return { why: 'only a person takes the place of somebody here' }
  const person = people.find(place)
  return 'why' in person ? person : { taken: person.to, fates: [referenceFate(place, person)] }
}

const overrideFrom = (
  place: Place,
  { slug, rotationIds, people, now }: OfSchedule,
): Taken<AfterwardsCommand> => {
  const stretch = stretchFrom(place, 'override', now)
  if ('why' in stretch) return stretch
  const who = whoFrom(place, people)
  if ('why' in who) return who
  const rotations = rotationsFrom(place, rotationIds)
  if ('why' in rotations) return rotations
  const { from, until } = stretch.taken
  return {
    taken: [
      'override',
      slug,
      '--who',
      who.taken,
      '--from',
      from,
      '--until',
      until,
      ...rotations.taken.flatMap((id) => ['--rotation', id]),
    ],
    fates: [
      changed(at(place, 'alias'), 'none', NOT_NAMED),
      ...[stretch, who, rotations].flatMap((part) => part.fates),
    ],
  }
}

/** @param list the overrides of one schedule, in their order */
export const importOverrides = (list: Place, around: OfSchedule, fates: Fate[]): AfterwardsCommand[] => {
  const commands: AfterwardsCommand[] = []
  for (const place of entriesOf(list)) {
    const command = overrideFrom(place, around)
    if ('why' in command) {
      fates.push(refusedField(place, command.why))
      continue
    }
    commands.push(command.taken)
    fates.push(...command.fates)
  }
  // A list without any is a field by itself.
  if (Array.isArray(list.value) && list.value.length === 0) fates.push(imported(list, 'no override'))
  return commands
}

const forwardingFrom = (root: Place, people: Directory, now: number): Taken<AfterwardsCommand> => {
  const stretch = stretchFrom(root, 'forwarding', now)
  if ('why' in stretch) return stretch
  const [who, to] = [people.find(at(root, 'fromUser')), people.find(at(root, 'toUser'))]
  if ('why' in who) return who
  if ('why' in to) return to
  if (who.to === to.to) return { why: 'duty is forwarded to somebody else' }
  const { from, until } = stretch.taken
  return {
    taken: ['forward', '--who', who.to, '--to', to.to, '--from', from, '--until', until],
    fates: [
      changed(at(root, 'id'), 'none', NOT_NAMED),
      changed(at(root, 'alias'), 'none', NOT_NAMED),
      referenceFate(at(root, 'fromUser'), who),
      referenceFate(at(root, 'toUser'), to),
      ...stretch.fates,
    ],
  }
}

export const importForwardings = (
  files: readonly SourceFile[],
  { people, now }: { readonly people: Directory; readonly now: number },
  fates: Fate[],
): AfterwardsCommand[] =>
  files.map(rootOf).flatMap((root) => {
    const command = forwardingFrom(root, people, now)
    if ('why' in command) {
      fates.push(refusedField(root, command.why))
      return []
    }
    fates.push(...command.fates)
    return [command.taken]
  })
