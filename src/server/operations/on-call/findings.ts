/** What a person should know about a rota: the rules' findings, and those that need to know who its people are. */
import type { ScheduleFindingReply } from '../../../contract/operations/on-call.ts'
import { lintSchedule, type ScheduleFinding } from '../../../domain/operations/on-call/lint-schedule.ts'
import type { Schedule } from '../../../domain/operations/on-call/schedule.ts'
import { shiftsBetween, type Shift } from '../../../domain/operations/on-call/shifts.ts'
import { isRole, may } from '../../../domain/people/permissions.ts'
import { intersect, type Interval } from '../../../domain/time/interval.ts'
import { day } from '../../../domain/time/instant.ts'
import { peopleOf, refOf } from './definition.ts'
import type { Colleague, Colleagues } from './store.ts'

/** What a list looks ahead, and what is looked through before a definition is kept. */
export const LIST_AHEAD_MS = 56 * day
export const YEAR_AHEAD_MS = 365 * day

export const mayAcknowledge = ({ roles }: Colleague): boolean =>
  may({ kind: 'person', roles: roles.filter(isRole) }, 'pages.acknowledge')

const severityOf = (code: ScheduleFinding['code']): 'red' | 'amber' => (code === 'gap' ? 'red' : 'amber')

/** A short window sees one person of many: only a rota that names nobody else never changes hands. */
const isTrue = (finding: ScheduleFinding, people: readonly string[]): boolean =>
  finding.code !== 'one-person' || people.length === 1

/** From the first to the last shift of somebody within the window; the whole window when there is none. */
const stretchOf = (accountId: string, shifts: readonly Shift[], window: Interval): Interval => {
  const own = shifts.filter((shift) => shift.accountId === accountId)
  const last = own.at(-1)
  if (own[0] === undefined || last === undefined) return window
  return intersect([{ from: own[0].from, to: last.to }], [window])[0] ?? window
}

const aboutPerson = (
  person: Colleague,
  shifts: readonly Shift[],
  window: Interval,
): ScheduleFindingReply[] => {
  const stretch = stretchOf(person.id, shifts, window)
  const hasShift = shifts.some(({ accountId }) => accountId === person.id)
  if (person.archived) {
    const detail = `${person.name} is archived and cannot be paged; pages go to the fallback in their shifts. Replace them in the rota.`
    const severity = hasShift ? 'red' : 'amber'
    return [{ code: 'archived-participant', severity, ...stretch, detail, person: refOf(person) }]
  }
  if (mayAcknowledge(person)) return []
  const detail = `${person.name} has no role that may acknowledge a page, so their pages escalate. Give them one or replace them.`
  return [{ code: 'cannot-acknowledge', severity: 'amber', ...stretch, detail, person: refOf(person) }]
}

const aboutSomebody = ({ code, detail }: ScheduleFinding, name: string): string =>
  code === 'on-call-while-away'
    ? `${name} is away and on call. Find somebody to cover, or forward their duty.`
    : `${name}: ${detail}`

/**
 * @param schedule must have passed `checkSchedule`
 * @returns findings within the window, earliest first, red before amber
 */
export const findingsOf = (
  whole: Schedule,
  colleagues: Colleagues,
  window: Interval,
): ScheduleFindingReply[] => {
  // Overlaps are looked for pair by pair: years of past ones would cost seconds (400 took 0.14 s, and it grows with the square).
  const overrides = whole.overrides.filter(({ from, to }) => from < window.to && to > window.from)
  const schedule = { ...whole, overrides }
  const people = peopleOf(schedule)
  const shifts = shiftsBetween(schedule, window.from, window.to)
  const byRule = lintSchedule(schedule, window.from, window.to)
    .filter((finding) => isTrue(finding, people))
    .map(({ accountId, ...finding }): ScheduleFindingReply => {
      const severity = severityOf(finding.code)
      const person = accountId === undefined ? undefined : colleagues.get(accountId)
      if (!person) return { ...finding, severity, person: null }
      return { ...finding, severity, detail: aboutSomebody(finding, person.name), person: refOf(person) }
    })
  const byPerson = people.flatMap((id) => {
    const person = colleagues.get(id)
    return person ? aboutPerson(person, shifts, window) : []
  })
  const rank = { red: 0, amber: 1 }
  return [...byRule, ...byPerson].sort((a, b) => rank[a.severity] - rank[b.severity] || a.from - b.from)
}
