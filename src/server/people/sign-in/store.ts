/** SQL over sessions, one-time tokens and counted tries. */
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database.ts'

/** Without use for this long a session ends … */
export const SESSION_IDLE_MS = 30 * 24 * 3600 * 1000
/** … and after this long in any case. */
export const SESSION_LONGEST_MS = 90 * 24 * 3600 * 1000
/** "Last seen" is exact to this much, so that reading costs no write. */
const SEEN_EVERY_MS = 5 * 60 * 1000

export type SessionRow = {
  id: string
  account_id: string
  method: string
  user_agent: string
  address: string
  created_at: number
  seen_at: number
  expires_at: number
}

export const insertSession = async (tx: Tx, row: SessionRow & { token_hash: Buffer }): Promise<void> => {
  await tx
    .insertInto('sessions')
    .values({ ...row, revoked_at: null })
    .execute()
}

/** Sliding expiry: use moves the end, never past the longest life. */
export const keepSessionAlive = async (
  db: Db,
  session: { sessionId: string; openedAt: number; seenAt: number },
  now: number,
): Promise<void> => {
  if (now - session.seenAt < SEEN_EVERY_MS) return
  const expiresAt = Math.min(now + SESSION_IDLE_MS, session.openedAt + SESSION_LONGEST_MS)
  await db
    .updateTable('sessions')
    .set({ seen_at: now, expires_at: expiresAt })
    .where('id', '=', session.sessionId)
    .execute()
}

export const listSessionRows = (db: Db | Tx, accountId: string, now: number): Promise<SessionRow[]> =>
  db
    .selectFrom('sessions')
    .select(['id', 'account_id', 'method', 'user_agent', 'address', 'created_at', 'seen_at', 'expires_at'])
    .where('account_id', '=', accountId)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('seen_at', 'desc')
    .orderBy('id', 'desc')
    .limit(200)
    .execute()

/** @returns false when there is no such open session of this account */
export const endSession = async (
  tx: Tx,
  accountId: string,
  sessionId: string,
  now: number,
): Promise<boolean> => {
  const ended = await tx
    .updateTable('sessions')
    .set({ revoked_at: now })
    .where('id', '=', sessionId)
    .where('account_id', '=', accountId)
    .where('revoked_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return ended !== undefined
}

/** @returns how many were open */
export const endSessionsOf = async (
  tx: Tx,
  accountId: string,
  now: number,
  except?: string,
): Promise<number> => {
  let query = tx
    .updateTable('sessions')
    .set({ revoked_at: now })
    .where('account_id', '=', accountId)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
  if (except !== undefined) query = query.where('id', '!=', except)
  return (await query.returning('id').execute()).length
}

/** Counts a try before it is judged, so that many at once cannot slip past the limit. Returns how many since the window began. */
export const countTry = async (
  db: Db,
  subjects: readonly Buffer[],
  now: number,
  windowMs: number,
): Promise<{ subject_hash: Buffer; tries: number; since_at: number }[]> => {
  const { rows } = await sql<{ subject_hash: Buffer; tries: number; since_at: number }>`
    insert into sign_in_tries as t (subject_hash, tries, since_at)
    select s, 1, ${now} from unnest(${subjects}::bytea[]) as s order by s
    on conflict (subject_hash) do update set
      tries = case when t.since_at <= ${now - windowMs} then 1 else t.tries + 1 end,
      since_at = case when t.since_at <= ${now - windowMs} then ${now} else t.since_at end
    returning subject_hash, tries, since_at`.execute(db)
  return rows
}

/** A try that succeeded was none: the account's count is cleared, the address gets its one back. */
export const forgiveTry = async (db: Db, ofAccount: Buffer, ofAddress: Buffer): Promise<void> => {
  await db.deleteFrom('sign_in_tries').where('subject_hash', '=', ofAccount).execute()
  await db
    .updateTable('sign_in_tries')
    .set(({ eb }) => ({ tries: eb('tries', '-', 1) }))
    .where('subject_hash', '=', ofAddress)
    .where('tries', '>', 0)
    .execute()
}

/** Never used links are of no interest a day after their end; used ones are kept, so that a page can say "used". */
const UNUSED_KEPT_MS = 24 * 3600 * 1000

/** What nobody needs any more; returns how many rows went. */
export const sweepSignIn = async (db: Db, now: number, keepMs: number): Promise<number> => {
  const before = now - keepMs
  const { rows } = await sql<{ gone: number }>`
    with tokens as (
           delete from one_time_tokens
           where expires_at < ${before} or (used_at is null and expires_at < ${now - UNUSED_KEPT_MS}) returning 1),
         tries as (delete from sign_in_tries where since_at < ${before} returning 1),
         ended as (delete from sessions where expires_at < ${before} or revoked_at < ${before} returning 1)
    select (select count(*) from tokens) + (select count(*) from tries) + (select count(*) from ended) as gone`.execute(
    db,
  )
  return rows[0]?.gone ?? 0
}

/** What an installation or a person still lacks; feeds the hints on the home page. */
export type Missing = {
  readonly customer: boolean
  readonly environment: boolean
  readonly key: boolean
  readonly colleague: boolean
  readonly passkey: boolean
}

export const missingPieces = async (db: Db | Tx, accountId: string): Promise<Missing> => {
  const { rows } = await sql<Missing>`
    select not exists (select 1 from customers where archived_at is null) as customer,
           not exists (select 1 from environments where archived_at is null) as environment,
           not exists (select 1 from integration_keys where revoked_at is null) as key,
           not exists (select 1 from accounts where archived_at is null and kind = 'staff' and id <> ${accountId}) as colleague,
           not exists (select 1 from passkeys where account_id = ${accountId}) as passkey`.execute(db)
  return rows[0] as Missing
}
