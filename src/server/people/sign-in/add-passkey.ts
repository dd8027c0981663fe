/** Adds, lists and removes one's passkeys. */
import type { RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Passkey } from '../../../contract/people/sign-in.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { read, record } from '../../platform/record.ts'
import { accountOrFault } from '../accounts/find-account.ts'
import { requireSession } from '../credentials.ts'
import { findInstallation } from '../installation/store.ts'
import { sayingWhatExists } from '../unique.ts'
import { passkeyAdded, passkeyRemoved } from './events.ts'
import { ownActor } from './get-me.ts'
import { challengeOf, keepChallenge, relyingParty, spendChallenge, webauthn } from './passkey-ceremony.ts'
import { deletePasskey, insertPasskey, listPasskeyRows, type PasskeyRow } from './passkey-store.ts'

const present = (row: PasskeyRow): Passkey => ({
  id: row.id,
  name: row.name,
  createdAt: row.created_at,
  usedAt: row.used_at,
})

const known = {
  passkeys_pkey: 'This passkey is known already.',
}

export const listMyPasskeys = (ctx: Ctx): Promise<{ rows: Passkey[] }> =>
  read(ctx, async (db) => ({ rows: (await listPasskeyRows(db, ownActor(ctx).accountId)).map(present) }))

export const beginPasskey = async (ctx: Ctx) => {
  requireSession(ctx)
  const { accountId } = ownActor(ctx)
  const { account, rows, organisation } = await read(ctx, async (db) => ({
    account: await accountOrFault(db, accountId),
    rows: await listPasskeyRows(db, accountId),
    organisation: (await findInstallation(db))?.organisation,
  }))
  const { generateRegistrationOptions } = await webauthn()
  const options = await generateRegistrationOptions({
    rpName: `Fortnight, ${organisation}`,
    rpID: relyingParty(ctx.platform).id,
    // Not the handle: an authenticator keeps the user handle, and section 14.6.1 wants no personal data in it.
    userID: new Uint8Array(Buffer.from(accountId.replaceAll('-', ''), 'hex')),
    userName: account.handle,
    userDisplayName: account.name,
    attestationType: 'none',
    excludeCredentials: rows.map(({ id, transports }) => ({ id, transports })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  const challenge = await keepChallenge(ctx.platform, options.challenge, accountId)
  return { challenge, options: { ...options } }
}

const verify = async (ctx: Ctx, challenge: string, response: Record<string, unknown>) => {
  const { id, origin } = relyingParty(ctx.platform)
  const { verifyRegistrationResponse } = await webauthn()
  try {
    const answer = await verifyRegistrationResponse({
      response: response as unknown as RegistrationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: id,
      requireUserVerification: true,
    })
    if (answer.verified) return answer.registrationInfo.credential
  } catch (error) {
    ctx.log.debug({ err: (error as Error).message }, 'a passkey registration was refused')
  }
  throw new Fault('invalid-input', 'This passkey could not be verified. Nothing was stored; start again.')
}

type Input = { name: string; challenge: string; response: Record<string, unknown> }

export const addPasskey = async (ctx: Ctx, input: Input): Promise<Passkey> => {
  requireSession(ctx)
  const actor = ownActor(ctx)
  const { challenge, accountId } = await challengeOf(ctx.platform, input.challenge)
  if (accountId !== actor.accountId)
    throw new Fault('link-expired', 'This challenge was made for somebody else.')
  const credential = await verify(ctx, challenge, input.response)
  return sayingWhatExists(known, () =>
    record(ctx, async (tx) => {
      await spendChallenge(tx, input.challenge)
      const row: PasskeyRow = {
        id: credential.id,
        account_id: accountId,
        name: input.name,
        public_key: Buffer.from(credential.publicKey),
        counter: credential.counter,
        transports: [...(credential.transports ?? [])],
        created_at: tx.now,
        used_at: null,
      }
      await insertPasskey(tx.db, row)
      tx.append(passkeyAdded, {
        stream: accountId,
        customerId: actor.kind === 'contact' ? actor.customerId : undefined,
        refs: [['account', accountId]],
        body: {},
      })
      return present(row)
    }),
  )
}

export const removePasskey = async (
  ctx: Ctx,
  { passkeyId }: { passkeyId: string },
): Promise<{ done: true }> => {
  requireSession(ctx)
  const actor = ownActor(ctx)
  await record(ctx, async (tx) => {
    if (!(await deletePasskey(tx.db, actor.accountId, passkeyId))) throw notFound('This passkey')
    tx.append(passkeyRemoved, {
      stream: actor.accountId,
      customerId: actor.kind === 'contact' ? actor.customerId : undefined,
      refs: [['account', actor.accountId]],
      body: {},
    })
  })
  return { done: true }
}
