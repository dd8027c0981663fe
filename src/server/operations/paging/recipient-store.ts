/** SQL that asks which members of staff a step means. */
import { sql } from 'kysely'
import type { Role } from '../../../domain/people/permissions.ts'
import type { Db, Tx } from '../../platform/database.ts'

const staff = (db: Tx) =>
  db.selectFrom('accounts').select('id').where('kind', '=', 'staff').where('archived_at', 'is', null)

export const staffWithRole = async (db: Tx, role: Role): Promise<string[]> => {
  const rows = await staff(db)
    .where(sql<boolean>`${role} = any(roles)`)
    .orderBy('id')
    .execute()
  return rows.map((row) => row.id)
}

/** Those of the accounts whose people have not left. */
export const staffAmong = async (db: Tx, ids: readonly string[]): Promise<ReadonlySet<string>> => {
  if (ids.length === 0) return new Set()
  const rows = await staff(db)
    .where('id', 'in', [...ids])
    .execute()
  return new Set(rows.map((row) => row.id))
}

/** Everybody of the team who has not left, by name. */
export const staffNow = (db: Db | Tx): Promise<{ id: string; name: string; roles: string[] }[]> =>
  db
    .selectFrom('accounts')
    .select(['id', 'name', 'roles'])
    .where('kind', '=', 'staff')
    .where('archived_at', 'is', null)
    .orderBy('name')
    .orderBy('id')
    .limit(1_000)
    .execute()
