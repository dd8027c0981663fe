/** The person whom a message was sent to, acting by it: with the roles they have today, for a message outlives no account and no role. */
import { isRole, may } from '../../../domain/people/permissions.ts'
import { findAccount, type AccountRow } from '../../people/accounts/store.ts'
import type { PersonActor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database.ts'
import { Fault } from '../../platform/faults.ts'

/** Undefined for whoever left, and for contacts. */
export const loadStaff = async (db: Db, accountId: string): Promise<AccountRow | undefined> => {
  const row = await findAccount(db, accountId)
  return row && row.kind === 'staff' && row.archived_at === null ? row : undefined
}

export const holderOf = async (
  db: Db,
  accountId: string | null,
): Promise<{ readonly actor: PersonActor; readonly reader: AccountRow }> => {
  const row = accountId ? await loadStaff(db, accountId) : undefined
  if (!row) throw new Fault('link-expired', 'The person this link was sent to has left. Sign in as yourself.')
  const actor: PersonActor = {
    kind: 'person',
    accountId: row.id,
    roles: row.roles.filter(isRole),
    via: 'link',
  }
  if (!may(actor, 'pages.acknowledge'))
    throw new Fault('not-allowed', 'Your roles no longer allow you to take pages.')
  return { actor, reader: row }
}
