/** What a calendar program gets for a secret link: the duty that its owner may see today, and nothing once they left or revoked it. */
import { isRole, may } from '../../../../domain/people/permissions.ts'
import { loadStaff } from '../../../people/accounts/link-holder.ts'
import { hashSecret } from '../../../people/accounts/one-time-token.ts'
import { membersOfTeams, teamNames } from '../../../people/index.ts'
import type { Ctx } from '../../../platform/context.ts'
import type { Db } from '../../../platform/database.ts'
import { Fault } from '../../../platform/faults.ts'
import type { RawReply } from '../../../platform/http/raw-reply.ts'
import type { Reader } from '../../../platform/messages/languages.ts'
import { LOOK_BACK_MS, peopleOf, type StoredSchedule } from '../definition.ts'
import { say } from '../messages.ts'
import { findColleagues, loadSchedules } from '../store.ts'
import { BACK_MS, calendarReply, gapEntries, shiftEntries } from './entries.ts'
import { findFeedBySecret, type Feed } from './store.ts'

const gone = (): Fault =>
  new Fault('link-expired', 'This calendar link was revoked or never valid. Make another one under On call.')

type Owner = Reader & { readonly name: string }
/** Whose shifts, of which rotas, under which name. */
type Shown = {
  readonly name: string
  readonly slug: string
  readonly schedules: readonly StoredSchedule[]
  readonly of: ReadonlySet<string> | undefined
}

const shownBy = async (db: Db, { of, subjectId }: Feed, owner: Owner, now: number): Promise<Shown> => {
  const ids = of === 'schedule' ? [subjectId] : undefined
  const loaded = await loadSchedules(db, ids, now - BACK_MS - LOOK_BACK_MS)
  const schedules = loaded.filter(({ archivedAt }) => archivedAt === null)
  switch (of) {
    case 'person': {
      const name = say(owner, 'calendar-of-person', { name: owner.name })
      return { name, slug: 'on-call', schedules, of: new Set([subjectId]) }
    }
    case 'team': {
      const team = (await teamNames(db)).find(({ id }) => id === subjectId)
      const members = (await membersOfTeams(db, [subjectId]))[subjectId] ?? []
      const name = say(owner, 'calendar-of-team', { team: team?.name ?? '' })
      return { name, slug: team?.slug ?? 'team', schedules, of: new Set(members) }
    }
    case 'schedule': {
      const [stored] = loaded
      return { name: stored?.name ?? '', slug: stored?.slug ?? 'rota', schedules, of: undefined }
    }
  }
}

/** Programs add `.ics` where they like it; the secret is what stands before it. */
export const readCalendarFeed = async (ctx: Ctx, { secret }: { secret: string }): Promise<RawReply> => {
  const { db } = ctx.platform.database
  const feed = await findFeedBySecret(db, hashSecret(secret.replace(/\.ics$/, '')))
  const owner = feed && (await loadStaff(db, feed.accountId))
  if (!feed || !owner) throw gone()
  if (!may({ kind: 'person', roles: owner.roles.filter(isRole) }, 'on-call.read')) throw gone()
  const now = ctx.platform.clock.now()
  const shown = await shownBy(db, feed, owner, now)
  const colleagues = await findColleagues(
    db,
    shown.schedules.flatMap(({ rules }) => peopleOf(rules)),
  )
  const entries = shown.schedules.flatMap((stored) => shiftEntries(stored, colleagues, owner, now, shown.of))
  const gaps =
    feed.of === 'schedule' ? shown.schedules.flatMap((stored) => gapEntries(stored, owner, now)) : []
  return calendarReply(shown.name, shown.slug, [...entries, ...gaps], now)
}
