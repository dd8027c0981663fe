/** Adds a way to reach oneself and sends the code that proves it; until it is entered, nothing else is sent there. */
import { randomBytes } from 'node:crypto'
import type { contactMethodRoutes, ContactMethodReply } from '../../../contract/people/contact-methods.ts'
import type { InputOf } from '../../../contract/route.ts'
import {
  isMattermostName,
  isNtfyTopic,
  isSlackMember,
  phoneNumberOf,
} from '../../../domain/people/contact-methods/contact-method.ts'
import { isWebhookAddress, printedWebhookKey } from '../../platform/carriers/webhook.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault } from '../../platform/faults.ts'
import { record } from '../../platform/record.ts'
import { accountOrFault } from '../accounts/find-account.ts'
import { sayingWhatExists } from '../unique.ts'
import { ownStaffId, presentMethod } from './contact-methods.ts'
import { contactMethodAdded } from './events.ts'
import { insertMethod, liveMethods, takeTurnsOf, type MethodRow } from './store.ts'
import { digestOfTarget, sealTarget, type Target } from './target.ts'
import { issueCode, sendCode, type CodeSent } from './verify-contact-method.ts'
import { lackOf } from './ways.ts'

const MOST_METHODS = 20
const KEY_BYTES = 32

type Input = InputOf<typeof contactMethodRoutes.addContactMethod>

const known = { contact_methods_known: 'You added this already. Send a new code to prove it.' }

const invalid = (path: string, detail: string): Fault =>
  new Fault('invalid-input', `Nothing was added. ${detail}`, { errors: [{ path, detail }] })

const targetOf = (ctx: Ctx, input: Input, email: string): Target => {
  switch (input.kind) {
    case 'email':
      return { address: email.toLowerCase() }
    case 'sms':
    case 'voice': {
      const number = phoneNumberOf(input.number)
      if (number) return { address: number }
      throw invalid('body.number', 'A number begins with + and its country code, such as +46 70 555 01 23.')
    }
    case 'slack':
      if (isSlackMember(input.member.trim())) return { address: input.member.trim() }
      throw invalid('body.member', 'A member id begins with U or W; Slack shows it in the profile.')
    case 'mattermost': {
      const name = input.username.trim().toLowerCase().replace(/^@/, '')
      if (isMattermostName(name)) return { address: name }
      throw invalid('body.username', 'A username has letters, digits, dots, hyphens and underscores.')
    }
    case 'ntfy':
      if (isNtfyTopic(input.topic)) return { address: input.topic }
      throw invalid('body.topic', 'A topic has letters, digits, hyphens and underscores, at most 64.')
    case 'webhook':
      if (isWebhookAddress(ctx.platform, input.url))
        return { address: input.url, key: randomBytes(KEY_BYTES).toString('base64') }
      throw invalid('body.url', 'A webhook is an https address of a public name, without a password in it.')
  }
}

export const addContactMethod = async (
  ctx: Ctx,
  input: Input,
): Promise<{ method: ContactMethodReply; secret: string | null; code: CodeSent }> => {
  const { platform } = ctx
  const account = ownStaffId(ctx)
  const person = await accountOrFault(platform.database.db, account)
  const lack = lackOf(platform, input.kind, person)
  if (lack) throw invalid('body.kind', lack)
  const target = targetOf(ctx, input, person.email)
  const { row, issuedAt } = await sayingWhatExists(known, () =>
    record(ctx, async (tx) => {
      await takeTurnsOf(tx.db, account)
      if ((await liveMethods(tx.db, account)).length >= MOST_METHODS)
        throw invalid('body.kind', `At most ${MOST_METHODS} ways. Remove one you no longer use.`)
      const made: MethodRow = {
        id: tx.id(),
        account_id: account,
        kind: input.kind,
        sealed_target: sealTarget(platform, target),
        target_digest: digestOfTarget(platform, input.kind, target.address),
        created_at: tx.now,
        verified_at: null,
        proven_at: null,
        removed_at: null,
      }
      await insertMethod(tx.db, made)
      tx.append(contactMethodAdded, {
        stream: made.id,
        refs: [['account', account]],
        body: { account, kind: made.kind },
      })
      return { row: made, issuedAt: await issueCode(tx, made) }
    }),
  )
  return {
    method: presentMethod(platform, row),
    secret: target.key ? printedWebhookKey(Buffer.from(target.key, 'base64')) : null,
    code: await sendCode(ctx, row, issuedAt),
  }
}
