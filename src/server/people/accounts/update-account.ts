/** Changes an account: an administrator changes anything, a person their own name, locale and zone. */
import type { z } from 'zod'
import type { Account, changedAccount } from '../../../contract/people/accounts.ts'
import { mayLeaveAdministration } from '../../../domain/people/administrators.ts'
import type { Role } from '../../../domain/people/permissions.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault, refused } from '../../platform/faults.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import { changesBetween } from '../changes.ts'
import { checkedZone } from '../checked-zone.ts'
import { forgetMail } from '../contact-methods/forget-mail.ts'
import { sayingWhatExists } from '../unique.ts'
import { accountExists } from './create-account.ts'
import { accountUpdated, rolesChanged } from './events.ts'
import { accountOrFault } from './find-account.ts'
import { presentAccount } from './present.ts'
import { lockAdministrators, updateAccountRow, type AccountRow } from './store.ts'

export type WantedAccount = {
  readonly name?: string | undefined
  readonly email?: string | undefined
  readonly roles?: readonly Role[] | undefined
  readonly locale?: string | undefined
  readonly zone?: string | undefined
}

const changeRoles = async (tx: WriteTx, before: AccountRow, roles: readonly string[]): Promise<void> => {
  if (before.kind === 'contact')
    throw new Fault('invalid-input', 'A customer contact has no roles. Create a staff account instead.')
  if (before.roles.includes('administrator') && !roles.includes('administrator')) {
    const refusal = mayLeaveAdministration(await lockAdministrators(tx.db), before.id)
    if (refusal) throw refused(refusal)
  }
  tx.append(rolesChanged, {
    stream: before.id,
    refs: [['account', before.id]],
    body: { from: before.roles, to: [...roles] },
  })
}

/** @returns false when nothing differed */
export const changeAccount = async (
  tx: WriteTx,
  before: AccountRow,
  wanted: WantedAccount,
): Promise<boolean> => {
  const next = {
    ...wanted,
    zone: wanted.zone === undefined ? undefined : checkedZone(wanted.zone),
    roles: wanted.roles && [...new Set(wanted.roles)].sort(),
  }
  const changes = changesBetween({ ...before, roles: [...before.roles].sort() }, next)
  if (changes.length === 0) return false
  await updateAccountRow(tx.db, before.id, Object.fromEntries(changes.map(({ field, to }) => [field, to])))
  if (changes.some(({ field }) => field === 'roles')) await changeRoles(tx, before, next.roles ?? [])
  if (before.kind === 'staff' && changes.some(({ field }) => field === 'email'))
    await forgetMail(tx, before.id)
  const fields = changes.map(({ field }) => field).filter((field) => field !== 'roles')
  if (fields.length > 0) {
    tx.append(accountUpdated, {
      stream: before.id,
      customerId: before.customer_id ?? undefined,
      refs: [['account', before.id]],
      body: { fields },
    })
  }
  return true
}

type Input = { accountId: string } & z.output<typeof changedAccount>

export const updateAccount = async (ctx: Ctx, { accountId, ...wanted }: Input): Promise<Account> => {
  await sayingWhatExists(accountExists, () =>
    record(ctx, async (tx) => {
      const before = await accountOrFault(tx.db, accountId)
      return (await changeAccount(tx, before, wanted)) ? undefined : NOTHING_CHANGED
    }),
  )
  return presentAccount(await accountOrFault(ctx.platform.database.db, accountId))
}
