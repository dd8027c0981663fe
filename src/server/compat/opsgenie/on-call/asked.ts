/** One question about who is on call, as its verbs see it. */
import { parseInstant } from '../../../../domain/time/instant.ts'
import type { StoredSchedule } from '../../../operations/on-call/index.ts'
import type { Ctx } from '../../../platform/context.ts'
import { isUuid } from '../../../platform/ids.ts'
import { OpsGenieFault, unusable } from '../answer.ts'
import type { Sight } from './sight.ts'

export type Asked = {
  readonly ctx: Ctx
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  /** Parsed, otherwise untrusted; {} when there was none. */
  readonly body: Readonly<Record<string, unknown>>
}

const MOST_YEARS_AWAY_MS = 100 * 366 * 86_400_000

/** `date`, or now. */
export const instantAsked = ({ ctx, query }: Asked): number => {
  const now = ctx.platform.clock.now()
  const given = query['date'] ?? ''
  if (given === '') return now
  const at = parseInstant(given)
  if (at === null || Math.abs(at - now) > MOST_YEARS_AWAY_MS)
    throw unusable('date', 'date is an instant such as 2026-11-23T08:00:00Z.')
  return at
}

export const isFlat = ({ query }: Asked): boolean => (query['flat'] ?? '').toLowerCase() === 'true'
export const isExpanded = ({ query }: Asked, what: string): boolean =>
  (query['expand'] ?? '').split(',').some((each) => each.trim() === what)

type Called = { readonly id: string; readonly slug: string; readonly name: string }

/** By id, or by name; a slug is a name, too. What the asking program may not see is not there. */
export const called = <T extends Called>(rows: readonly T[], name: string, what: string): T => {
  const wanted = name.trim().toLowerCase()
  const found = isUuid(wanted)
    ? rows.find(({ id }) => id === wanted)
    : rows.find((row) => row.slug === wanted || row.name.toLowerCase() === wanted)
  if (!found) throw new OpsGenieFault(404, `${what} does not exist.`)
  return found
}

export const scheduleAsked = (asked: Asked, sight: Sight): StoredSchedule =>
  called(sight.schedules, asked.params['identifier'] ?? '', 'Schedule')

export const iso = (at: number): string => new Date(at).toISOString()
