/** SQL over the installation's one row. */
import { advisoryLocks } from '../../platform/advisory-locks.ts'
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database.ts'

export type Installation = { readonly id: string; readonly organisation: string }

/** Held until the transaction ends. */
export const lockFirstStart = async (tx: Tx): Promise<void> => {
  await sql`select pg_advisory_xact_lock(${advisoryLocks.firstStart})`.execute(tx)
}

/** One configuration document is applied at a time. Held until the transaction ends. */
export const lockConfiguration = async (tx: Tx): Promise<void> => {
  await sql`select pg_advisory_xact_lock(${advisoryLocks.configuration})`.execute(tx)
}

export const findInstallation = (db: Db | Tx): Promise<Installation | undefined> =>
  db.selectFrom('installation').select(['id', 'organisation']).executeTakeFirst()

export const insertInstallation = async (tx: Tx, row: Installation, now: number): Promise<void> => {
  await tx
    .insertInto('installation')
    .values({ ...row, one: true, created_at: now, held_at: null, held_reason: null, released_at: null })
    .execute()
}

export const storeOrganisation = async (tx: Tx, organisation: string): Promise<void> => {
  await tx.updateTable('installation').set({ organisation }).execute()
}
