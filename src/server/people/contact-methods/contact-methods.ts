/** Lists and removes the ways that a person can be reached. */
import type { ContactMethodReply } from '../../../contract/people/contact-methods.ts'
import { maskedAddress } from '../../../domain/people/contact-methods/contact-method.ts'
import type { Ctx, Platform } from '../../platform/context.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { read, record } from '../../platform/record.ts'
import { accountOrFault } from '../accounts/find-account.ts'
import { contactMethodRemoved } from './events.ts'
import { liveMethods, lockOwnMethod, markRemoved, type MethodRow } from './store.ts'
import { openTarget } from './target.ts'
import { waysHere } from './ways.ts'

/** The member of staff who asks. */
export const ownStaffId = (ctx: Ctx): string => {
  if (ctx.actor.kind === 'person') return ctx.actor.accountId
  throw new Fault('not-allowed', 'Only a member of the team can be paged.')
}

export const presentMethod = (platform: Platform, row: MethodRow): ContactMethodReply => ({
  id: row.id,
  kind: row.kind,
  address: maskedAddress(row.kind, openTarget(platform, row).address),
  createdAt: row.created_at,
  verifiedAt: row.verified_at,
  provenAt: row.proven_at,
})

/** By id, as their owner knows them again. */
export const shownAddressesOf = async (
  platform: Platform,
  db: Db | Tx,
  accountId: string,
): Promise<ReadonlyMap<string, string>> => {
  const rows = await liveMethods(db, accountId)
  return new Map(rows.map((row) => [row.id, presentMethod(platform, row).address]))
}

export const listContactMethods = (ctx: Ctx) => {
  const accountId = ownStaffId(ctx)
  return read(ctx, async (db) => {
    const reader = await accountOrFault(db, accountId)
    const rows = await liveMethods(db, accountId)
    return {
      rows: rows.map((row) => presentMethod(ctx.platform, row)),
      ways: waysHere(ctx.platform, reader),
    }
  })
}

export const removeContactMethod = async (
  ctx: Ctx,
  { methodId }: { methodId: string },
): Promise<{ done: true }> => {
  const account = ownStaffId(ctx)
  await record(ctx, async (tx) => {
    const row = await lockOwnMethod(tx.db, account, methodId)
    if (!row) throw notFound('This way to reach you')
    await markRemoved(tx.db, row.id, tx.now)
    tx.append(contactMethodRemoved, {
      stream: row.id,
      refs: [['account', account]],
      body: { account, kind: row.kind },
    })
  })
  return { done: true }
}
