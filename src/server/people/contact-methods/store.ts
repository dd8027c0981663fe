/** SQL over the ways that people added to be reached, and over the codes that prove them. */
import { sql } from 'kysely'
import type { ContactKind } from '../../../domain/people/contact-methods/contact-method.ts'
import type { Db, Tx } from '../../platform/database.ts'

export type MethodRow = {
  id: string
  account_id: string
  kind: ContactKind
  sealed_target: Buffer
  target_digest: Buffer
  created_at: number
  verified_at: number | null
  proven_at: number | null
  removed_at: number | null
}

export type CodeRow = {
  method_id: string
  account_id: string
  issued_at: number | null
  tries: number
  sent_count: number
  sent_since: number
}

declare module '../../platform/database.ts' {
  interface Tables {
    contact_methods: MethodRow
    contact_codes: CodeRow
  }
}

export const liveMethods = (db: Db | Tx, accountId: string): Promise<MethodRow[]> =>
  db
    .selectFrom('contact_methods')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('removed_at', 'is', null)
    .orderBy('created_at')
    .orderBy('id')
    .execute()

export const findMethod = (db: Db | Tx, id: string): Promise<MethodRow | undefined> =>
  db
    .selectFrom('contact_methods')
    .selectAll()
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()

export const lockOwnMethod = (db: Tx, accountId: string, id: string): Promise<MethodRow | undefined> =>
  db
    .selectFrom('contact_methods')
    .selectAll()
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .where('removed_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()

export const insertMethod = async (db: Tx, row: MethodRow): Promise<void> => {
  await db.insertInto('contact_methods').values(row).execute()
}

export const markVerified = async (db: Tx, row: MethodRow, at: number): Promise<void> => {
  await db
    .updateTable('contact_methods')
    .set({ verified_at: row.verified_at ?? at, proven_at: at })
    .where('id', '=', row.id)
    .execute()
}

export const markRemoved = async (db: Tx, id: string, at: number): Promise<void> => {
  await db.updateTable('contact_methods').set({ removed_at: at }).where('id', '=', id).execute()
}

/** A method removed and added again starts anew and still counts into the day. */
export const codesSentSince = async (db: Tx, accountId: string, since: number): Promise<number> => {
  const { rows } = await sql<{ sent: number }>`
    select coalesce(sum(sent_count), 0)::int as sent from contact_codes
    where account_id = ${accountId}::uuid and sent_since >= ${since}::bigint`.execute(db)
  return rows[0]?.sent ?? 0
}

export const findCode = (db: Db | Tx, methodId: string): Promise<CodeRow | undefined> =>
  db.selectFrom('contact_codes').selectAll().where('method_id', '=', methodId).executeTakeFirst()

export const putCode = async (db: Tx, row: CodeRow): Promise<void> => {
  const { method_id: _, account_id: __, ...change } = row
  await db
    .insertInto('contact_codes')
    .values(row)
    .onConflict((conflict) => conflict.column('method_id').doUpdateSet(change))
    .execute()
}

/** Two requests of one person at once would each count the same codes: the second waits here. */
export const takeTurnsOf = async (db: Tx, accountId: string): Promise<void> => {
  await db.selectFrom('accounts').select('id').where('id', '=', accountId).forUpdate().execute()
}
