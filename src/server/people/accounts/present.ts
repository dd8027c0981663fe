/** An account as the API shows it. */
import type { Account } from '../../../contract/people/accounts.ts'
import { isRole } from '../../../domain/people/permissions.ts'
import type { AccountRow } from './store.ts'

export const presentAccount = (row: AccountRow): Account => ({
  id: row.id,
  kind: row.kind,
  handle: row.handle,
  name: row.name,
  email: row.email,
  roles: row.roles.filter(isRole),
  customer:
    row.customer_id === null
      ? null
      : { id: row.customer_id, slug: row.customer_slug ?? '', name: row.customer_name ?? '' },
  locale: row.locale,
  zone: row.zone,
  canSignIn: row.can_sign_in,
  createdAt: row.created_at,
  archivedAt: row.archived_at,
})
