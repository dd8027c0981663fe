/** Creates an account. It cannot be used until its person has set a password, a passkey, or signs in through the issuer. */
import type { z } from 'zod'
import type { Account, newAccount } from '../../../contract/people/accounts.ts'
import type { Role } from '../../../domain/people/permissions.ts'
import type { Ctx } from '../../platform/context.ts'
import { record, type WriteTx } from '../../platform/record.ts'
import { checkedZone } from '../checked-zone.ts'
import { customerNamed } from '../customers/find-customer.ts'
import { sayingWhatExists } from '../unique.ts'
import { accountCreated } from './events.ts'
import { accountOrFault } from './find-account.ts'
import { presentAccount } from './present.ts'
import { insertAccount, type AccountRow } from './store.ts'

export const accountExists = {
  accounts_handle_key: 'This handle belongs to another account, perhaps an archived one. Choose another.',
  accounts_email: 'This e-mail address belongs to another account, perhaps an archived one.',
}

export type AccountToAdd = {
  readonly kind: 'staff' | 'contact'
  readonly customerId: string | null
  readonly handle: string
  readonly name: string
  readonly email: string
  readonly roles: readonly Role[]
  readonly locale?: string | undefined
  readonly zone?: string | undefined
}

/** Within a transaction of somebody else: the first start and configuration as code add accounts too. */
export const addAccount = async (tx: WriteTx, wanted: AccountToAdd): Promise<AccountRow> => {
  const id = tx.id()
  const zone = checkedZone(wanted.zone ?? 'UTC')
  await insertAccount(tx.db, tx.now, { ...wanted, id, zone, locale: wanted.locale ?? 'en' })
  tx.append(accountCreated, {
    stream: id,
    customerId: wanted.customerId ?? undefined,
    refs: [['account', id]],
    body: { kind: wanted.kind, roles: [...wanted.roles] },
  })
  return accountOrFault(tx.db, id)
}

export const createAccount = (ctx: Ctx, input: z.output<typeof newAccount>): Promise<Account> =>
  sayingWhatExists(accountExists, () =>
    record(ctx, async (tx) => {
      const customer = input.kind === 'contact' ? await customerNamed(tx.db, input.customer) : undefined
      const roles = input.kind === 'staff' ? [...new Set(input.roles)] : []
      return presentAccount(await addAccount(tx, { ...input, roles, customerId: customer?.id ?? null }))
    }),
  )
