/** The person whom a message was sent to, acting by its link: with the roles they have today, for a message outlives no account and no role. */
import { isRole, may, type Permission } from '../../../domain/people/permissions.ts'
import type { PersonActor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database.ts'
import { Fault } from '../../platform/faults.ts'
import { findAccount, type AccountRow } from './store.ts'

/** Undefined for whoever left, and for contacts. */
export const loadStaff = async (db: Db, accountId: string): Promise<AccountRow | undefined> => {
  const row = await findAccount(db, accountId)
  return row && row.kind === 'staff' && row.archived_at === null ? row : undefined
}

/** @param permission what the link does */
export const linkHolder = async (
  db: Db,
  accountId: string | null,
  permission: Permission,
): Promise<{ readonly actor: PersonActor; readonly reader: AccountRow }> => {
  const row = accountId ? await loadStaff(db, accountId) : undefined
  if (!row) throw new Fault('link-expired', 'The person this link was sent to has left. Sign in as yourself.')
  const actor: PersonActor = {
    kind: 'person',
    accountId: row.id,
    roles: row.roles.filter(isRole),
    via: 'link',
  }
  if (!may(actor, permission))
    throw new Fault('not-allowed', `Your roles no longer allow what this link does (${permission}).`)
  return { actor, reader: row }
}
