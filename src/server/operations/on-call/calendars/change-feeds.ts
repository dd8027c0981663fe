/** Makes, lists and revokes one's secret links for calendar programs. */
import type { CalendarFeedReply } from '../../../../contract/operations/calendar-feeds.ts'
import { refuse } from '../../../../domain/refusal.ts'
import { hashSecret, newSecret } from '../../../people/accounts/one-time-token.ts'
import { hintOf, requireSession } from '../../../people/credentials.ts'
import { namesOf, teamNames } from '../../../people/index.ts'
import type { Ctx } from '../../../platform/context.ts'
import type { Db, Tx } from '../../../platform/database.ts'
import { Fault, notFound, refused } from '../../../platform/faults.ts'
import { NOTHING_CHANGED, read, record } from '../../../platform/record.ts'
import { scheduleOrFault } from '../find-schedule.ts'
import { loadSchedules } from '../store.ts'
import { calendarFeedMade, calendarFeedRevoked } from './events.ts'
import { feedsOfAccount, findFeed, insertFeed, markFeedRevoked, type Feed, type FeedOf } from './store.ts'

/** A phone, a laptop and a wall, for each of some rotas. */
const MOST_FEEDS = 30

const ownerOf = ({ actor }: Ctx): string => {
  if (actor.kind === 'person') return actor.accountId
  throw new Fault('not-allowed', 'Only a member of staff has a calendar here.')
}

const nameOf = async (db: Db | Tx, { of, subjectId }: Feed): Promise<string> => {
  switch (of) {
    case 'person':
      return (await namesOf(db, [subjectId])).get(subjectId)?.name ?? ''
    case 'team':
      return (await teamNames(db)).find(({ id }) => id === subjectId)?.name ?? ''
    case 'schedule':
      return (await loadSchedules(db, [subjectId], Number.MAX_SAFE_INTEGER))[0]?.name ?? ''
  }
}

const present = async (db: Db | Tx, feed: Feed): Promise<CalendarFeedReply> => ({
  id: feed.id,
  of: feed.of,
  subject: { id: feed.subjectId, name: await nameOf(db, feed) },
  hint: feed.hint,
  createdAt: feed.createdAt,
})

const subjectOf = async (
  db: Tx,
  ownerId: string,
  { of, subject }: { of: FeedOf; subject?: string | undefined },
): Promise<string> => {
  if (of === 'person') return ownerId
  if (subject === undefined)
    throw new Fault('invalid-input', 'Nothing was made. body.subject: say which team or rota.', {
      errors: [{ path: 'body.subject', detail: 'say which team or rota' }],
    })
  if (of === 'schedule') return (await scheduleOrFault(db, subject)).id
  const team = (await teamNames(db)).find(({ id, slug }) => id === subject || slug === subject)
  if (!team) throw notFound('This team')
  return team.id
}

export const listCalendarFeeds = (ctx: Ctx): Promise<{ rows: CalendarFeedReply[] }> =>
  read(ctx, async (db) => {
    const rows: CalendarFeedReply[] = []
    for (const feed of await feedsOfAccount(db, ownerOf(ctx))) rows.push(await present(db, feed))
    return { rows }
  })

export const createCalendarFeed = (
  ctx: Ctx,
  input: { of: FeedOf; subject?: string | undefined },
): Promise<{ feed: CalendarFeedReply; url: string }> => {
  requireSession(ctx)
  return record(ctx, async (tx) => {
    const accountId = ownerOf(ctx)
    if ((await feedsOfAccount(tx.db, accountId)).length >= MOST_FEEDS)
      throw refused(
        refuse('too-many-calendar-links', `Nobody has more than ${MOST_FEEDS} calendar links. Revoke some.`),
      )
    const subjectId = await subjectOf(tx.db, accountId, input)
    const secret = newSecret('')
    const feed = { id: tx.id(), accountId, of: input.of, subjectId, hint: hintOf(secret), createdAt: tx.now }
    await insertFeed(tx.db, feed, hashSecret(secret))
    tx.append(calendarFeedMade, {
      stream: feed.id,
      refs: [['account', accountId]],
      body: { accountId, of: feed.of, subjectId },
    })
    const url = `${ctx.platform.config.baseUrl}/calendars/${secret}.ics`
    return { feed: await present(tx.db, feed), url }
  })
}

export const revokeCalendarFeed = async (ctx: Ctx, input: { feed: string }): Promise<{ done: true }> => {
  await record(ctx, async (tx) => {
    const feed = await findFeed(tx.db, input.feed)
    // Somebody else's is not there for whoever asks, and neither is one that was revoked.
    if (!feed || feed.accountId !== ownerOf(ctx)) throw notFound('This calendar link')
    if (!(await markFeedRevoked(tx.db, feed.id, tx.now))) return NOTHING_CHANGED
    const { accountId, of, subjectId } = feed
    tx.append(calendarFeedRevoked, {
      stream: feed.id,
      refs: [['account', accountId]],
      body: { accountId, of, subjectId },
    })
    return undefined
  })
  return { done: true }
}
