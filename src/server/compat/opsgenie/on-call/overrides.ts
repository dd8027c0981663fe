/** Overrides: read, and written through the ordinary verbs by whoever the token belongs to. */
import type { OpsGenieOverride } from '../../../../contract/compat/opsgenie-on-call.ts'
import { readText } from '../../../../domain/operations/alerts/sent-text.ts'
import { parseInstant } from '../../../../domain/time/instant.ts'
import {
  addOverride,
  findOverrides,
  removeOverride,
  type OverrideRow,
  type StoredSchedule,
} from '../../../operations/on-call/index.ts'
import { read } from '../../../platform/record.ts'
import { OpsGenieFault, unusable } from '../answer.ts'
import { iso, scheduleAsked, type Asked } from './asked.ts'
import { scheduleMeta, userRecipient } from './present-schedule.ts'
import type { Sight } from './sight.ts'

const LONGEST_ALIAS = 200

/** A name that a client chose stands as the reason of the override; without one it is called by its id. */
const aliasOf = ({ id, reason }: OverrideRow): string => reason ?? id

const ahead = (asked: Asked, schedule: StoredSchedule): Promise<OverrideRow[]> =>
  read(asked.ctx, (db) => findOverrides(db, schedule.id, { since: asked.ctx.platform.clock.now() }))

const present = (schedule: StoredSchedule, row: OverrideRow, sight: Sight): OpsGenieOverride => ({
  _parent: scheduleMeta(schedule),
  alias: aliasOf(row),
  user: row.accountId === null ? { type: 'none' } : userRecipient(sight, row.accountId),
  startDate: iso(row.from),
  endDate: iso(row.to),
  rotations: (row.rotationIds ?? schedule.rules.layers.map(({ id }) => id)).map((id) => ({ id, name: id })),
})

export const listOverrides = async (asked: Asked, sight: Sight) => {
  const schedule = scheduleAsked(asked, sight)
  return { data: (await ahead(asked, schedule)).map((row) => present(schedule, row, sight)) }
}

const overrideAsked = async (asked: Asked, schedule: StoredSchedule): Promise<OverrideRow> => {
  const wanted = asked.params['alias'] ?? ''
  // The later one wins where two have one name.
  const found = (await ahead(asked, schedule)).findLast((row) => row.id === wanted || aliasOf(row) === wanted)
  if (!found) throw new OpsGenieFault(404, 'Override does not exist.')
  return found
}

export const getOverride = async (asked: Asked, sight: Sight) => {
  const schedule = scheduleAsked(asked, sight)
  return { data: present(schedule, await overrideAsked(asked, schedule), sight) }
}

type Words = Readonly<Record<string, unknown>>
const wordsOf = (given: unknown): Words =>
  typeof given === 'object' && given !== null && !Array.isArray(given) ? (given as Words) : {}
const textOf = (given: unknown): string => (typeof given === 'string' ? given.trim() : '')

const personMeant = (given: unknown, sight: Sight): string | null => {
  const { type, id, username } = wordsOf(given)
  if (textOf(type).toLowerCase() === 'none' || textOf(given).toLowerCase() === 'none') return null
  const wanted = (textOf(id) || textOf(username)).toLowerCase()
  const found = [...sight.people.values()].find((row) =>
    [row.id, row.email.toLowerCase(), row.handle.toLowerCase()].includes(wanted),
  )
  if (!found) throw unusable('user', 'user names nobody of the staff: send an id or a username.')
  return found.id
}

const instantIn = (body: Words, field: string): number => {
  const at = typeof body[field] === 'string' ? parseInstant(body[field]) : null
  if (at === null || at < 0) throw unusable(field, `${field} is an instant such as 2026-11-23T08:00:00Z.`)
  return at
}

const rotationsMeant = (given: unknown): { rotationIds?: string[] } => {
  if (!Array.isArray(given) || given.length === 0) return {}
  const rotationIds = given
    .slice(0, 100)
    .map((each) => textOf(wordsOf(each)['id']) || textOf(wordsOf(each)['name']))
  return { rotationIds }
}

const wantedIn = ({ body }: Asked, sight: Sight) => ({
  accountId: personMeant(body['user'], sight),
  from: instantIn(body, 'startDate'),
  to: instantIn(body, 'endDate'),
  ...rotationsMeant(body['rotations']),
})

export const createOverride = async (asked: Asked, sight: Sight) => {
  const schedule = scheduleAsked(asked, sight)
  const alias = readText(asked.body['alias'], 'alias', LONGEST_ALIAS, [])
  const { override } = await addOverride(asked.ctx, {
    schedule: schedule.id,
    ...wantedIn(asked, sight),
    ...(alias === '' ? {} : { reason: alias }),
  })
  return { result: 'Created', data: { alias: alias || override.id } }
}

/** The new one begins to count before the old one goes: an overlap rather than a gap. */
export const updateOverride = async (asked: Asked, sight: Sight) => {
  const schedule = scheduleAsked(asked, sight)
  const before = await overrideAsked(asked, schedule)
  const alias = aliasOf(before)
  await addOverride(asked.ctx, { schedule: schedule.id, ...wantedIn(asked, sight), reason: alias })
  await removeOverride(asked.ctx, { schedule: schedule.id, override: before.id })
  return { result: 'Updated', data: { alias } }
}

export const deleteOverride = async (asked: Asked, sight: Sight) => {
  const schedule = scheduleAsked(asked, sight)
  const { id } = await overrideAsked(asked, schedule)
  await removeOverride(asked.ctx, { schedule: schedule.id, override: id })
  return { result: 'Deleted' }
}
