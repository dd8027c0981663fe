/** Sends a code on a way, and takes it back: what somebody can read where it arrived is theirs. */
import type { ContactMethodReply } from '../../../contract/people/contact-methods.ts'
import { judgeCode, mayIssueCode } from '../../../domain/people/contact-methods/contact-method.ts'
import { day } from '../../../domain/time/instant.ts'
import type { Ctx } from '../../platform/context.ts'
import { notFound, refused } from '../../platform/faults.ts'
import { record, type WriteTx } from '../../platform/record.ts'
import { accountOrFault } from '../accounts/find-account.ts'
import { codeOf, isCode } from './code.ts'
import { ownStaffId, presentMethod } from './contact-methods.ts'
import { contactMethodVerified } from './events.ts'
import {
  codesSentSince,
  findCode,
  lockOwnMethod,
  markVerified,
  putCode,
  takeTurnsOf,
  type MethodRow,
} from './store.ts'
import { openTarget } from './target.ts'
import { carryCode } from './ways.ts'

export type CodeSent = { readonly kind: 'accepted' | 'refused' | 'later'; readonly detail: string }

/** Writes down that a code goes out; which one follows from the moment. Refuses haste and floods. */
export const issueCode = async (tx: WriteTx, row: MethodRow): Promise<number> => {
  await takeTurnsOf(tx.db, row.account_id)
  const before = await findCode(tx.db, row.id)
  const sentLastDay = await codesSentSince(tx.db, row.account_id, tx.now - day)
  const state = { issuedAt: before?.issued_at ?? null, tries: before?.tries ?? 0 }
  const refusal = mayIssueCode(state, sentLastDay, tx.now)
  if (refusal) throw refused(refusal)
  const sameDay = before && before.sent_since >= tx.now - day
  await putCode(tx.db, {
    method_id: row.id,
    account_id: row.account_id,
    issued_at: tx.now,
    tries: 0,
    sent_count: sameDay ? before.sent_count + 1 : 1,
    sent_since: sameDay ? before.sent_since : tx.now,
  })
  return tx.now
}

/** At once and not as a task: the person is watching for it, and asks for another when it does not come. */
export const sendCode = async (ctx: Ctx, row: MethodRow, issuedAt: number): Promise<CodeSent> => {
  const { platform } = ctx
  const reader = await accountOrFault(platform.database.db, row.account_id)
  const letter = { id: platform.ids.next(issuedAt), code: codeOf(platform, row.id, issuedAt), reader }
  const { kind, detail } = await carryCode(platform, row.kind, openTarget(platform, row), letter)
  return { kind, detail }
}

export const sendContactCode = async (
  ctx: Ctx,
  { methodId }: { methodId: string },
): Promise<{ code: CodeSent }> => {
  const account = ownStaffId(ctx)
  const { row, issuedAt } = await record(ctx, async (tx) => {
    const found = await lockOwnMethod(tx.db, account, methodId)
    if (!found) throw notFound('This way to reach you')
    tx.observed()
    return { row: found, issuedAt: await issueCode(tx, found) }
  })
  return { code: await sendCode(ctx, row, issuedAt) }
}

/** A wrong try is counted although the answer is a refusal: the count is committed before it is thrown. */
const tryCode = (ctx: Ctx, account: string, methodId: string, given: string) =>
  record(ctx, async (tx) => {
    const row = await lockOwnMethod(tx.db, account, methodId)
    if (!row) throw notFound('This way to reach you')
    const code = await findCode(tx.db, row.id)
    const state = { issuedAt: code?.issued_at ?? null, tries: code?.tries ?? 0 }
    const right = state.issuedAt !== null && isCode(given, codeOf(ctx.platform, row.id, state.issuedAt))
    const refusal = judgeCode(state, right, tx.now)
    if (code)
      await putCode(tx.db, { ...code, ...(refusal ? { tries: code.tries + 1 } : { issued_at: null }) })
    if (refusal) {
      tx.observed()
      return { refusal }
    }
    await markVerified(tx.db, row, tx.now)
    tx.append(contactMethodVerified, {
      stream: row.id,
      refs: [['account', account]],
      body: { account, kind: row.kind, again: row.verified_at !== null },
    })
    return { row: { ...row, verified_at: row.verified_at ?? tx.now, proven_at: tx.now } }
  })

export const verifyContactMethod = async (
  ctx: Ctx,
  { methodId, code }: { methodId: string; code: string },
): Promise<ContactMethodReply> => {
  const tried = await tryCode(ctx, ownStaffId(ctx), methodId, code)
  if (tried.refusal) throw refused(tried.refusal, 'body.code')
  return presentMethod(ctx.platform, tried.row)
}
