/** Lists accounts by handle, and shows one. */
import type { Account } from '../../../contract/people/accounts.ts'
import type { Ctx } from '../../platform/context.ts'
import { read } from '../../platform/record.ts'
import { pageThrough } from '../page-through.ts'
import { accountOrFault } from './find-account.ts'
import { presentAccount } from './present.ts'
import { listAccountRows } from './store.ts'

type Wanted = {
  kind?: 'staff' | 'contact' | undefined
  archived?: 'true' | 'false' | undefined
  after?: string | undefined
  limit?: number | undefined
}

export const listAccounts = (ctx: Ctx, wanted: Wanted): Promise<{ rows: Account[]; next: string | null }> =>
  read(ctx, (db) =>
    pageThrough(
      wanted.limit,
      (limit) => listAccountRows(db, { ...wanted, archived: wanted.archived === 'true', limit }),
      (row) => row.handle,
      presentAccount,
    ),
  )

export const getAccount = (ctx: Ctx, { accountId }: { accountId: string }): Promise<Account> =>
  read(ctx, async (db) => presentAccount(await accountOrFault(db, accountId)))
