/** Rows of secret links to calendars. */
import type { Db, Tx } from '../../../platform/database.ts'

export type FeedOf = 'person' | 'team' | 'schedule'
declare module '../../../platform/database.ts' {
  interface Tables {
    calendar_feeds: {
      id: string
      account_id: string
      of: FeedOf
      subject_id: string
      secret_hash: Buffer
      hint: string
      created_at: number
      revoked_at: number | null
    }
  }
}

export type Feed = {
  readonly id: string
  readonly accountId: string
  readonly of: FeedOf
  readonly subjectId: string
  readonly hint: string
  readonly createdAt: number
}

const liveFeeds = (db: Db | Tx) =>
  db
    .selectFrom('calendar_feeds')
    .select([
      'id',
      'account_id as accountId',
      'of',
      'subject_id as subjectId',
      'hint',
      'created_at as createdAt',
    ])
    .where('revoked_at', 'is', null)

export const feedsOfAccount = (db: Db | Tx, accountId: string): Promise<Feed[]> =>
  liveFeeds(db).where('account_id', '=', accountId).orderBy('id').execute()

export const findFeed = (db: Db | Tx, id: string): Promise<Feed | undefined> =>
  liveFeeds(db).where('id', '=', id).executeTakeFirst()

/** Undefined for what was never made and for what was revoked, alike. */
export const findFeedBySecret = (db: Db, secretHash: Buffer): Promise<Feed | undefined> =>
  liveFeeds(db).where('secret_hash', '=', secretHash).executeTakeFirst()

export const insertFeed = async (db: Tx, feed: Feed, secretHash: Buffer): Promise<void> => {
  await db
    .insertInto('calendar_feeds')
    .values({
      id: feed.id,
      account_id: feed.accountId,
      of: feed.of,
      subject_id: feed.subjectId,
      secret_hash: secretHash,
      hint: feed.hint,
      created_at: feed.createdAt,
      revoked_at: null,
    })
    .execute()
}

/** @returns false when it was revoked already */
export const markFeedRevoked = async (db: Tx, id: string, at: number): Promise<boolean> => {
  const done = await db
    .updateTable('calendar_feeds')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return done !== undefined
}
