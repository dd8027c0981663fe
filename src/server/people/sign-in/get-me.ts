/** Who asks, what they may do, and what is still missing before the first alert can reach somebody. */
import type { Me } from '../../../contract/people/sign-in.ts'
import { may, permissionsOf } from '../../../domain/people/permissions.ts'
import type { Ctx } from '../../platform/context.ts'
import type { PersonActor, ContactActor } from '../../platform/actor.ts'
import { Fault } from '../../platform/faults.ts'
import { read } from '../../platform/record.ts'
import { accountOrFault } from '../accounts/find-account.ts'
import { presentAccount } from '../accounts/present.ts'
import { findInstallation } from '../installation/store.ts'
import { missingPieces, type Missing } from './store.ts'

export const ownActor = (ctx: Ctx): PersonActor | ContactActor => {
  if (ctx.actor.kind === 'person' || ctx.actor.kind === 'contact') return ctx.actor
  throw new Fault('not-allowed', 'Only a person has a profile.')
}

const hintsFor = (actor: PersonActor | ContactActor, missing: Missing): Me['hints'] => [
  ...(may(actor, 'customers.change') && missing.customer ? ['no-customer' as const] : []),
  ...(may(actor, 'environments.change') && missing.environment ? ['no-environment' as const] : []),
  ...(may(actor, 'keys.change') && missing.key ? ['no-integration-key' as const] : []),
  ...(may(actor, 'accounts.change') && missing.colleague ? ['no-colleague' as const] : []),
  ...(missing.passkey ? ['no-passkey' as const] : []),
]

export const getMe = (ctx: Ctx): Promise<Me> => {
  const actor = ownActor(ctx)
  return read(ctx, async (db) => {
    const account = await accountOrFault(db, actor.accountId)
    const installation = await findInstallation(db)
    const tokenId = actor.kind === 'person' ? actor.tokenId : undefined
    const session = tokenId ?? actor.sessionId
    return {
      account: presentAccount(account),
      organisation: installation?.organisation ?? '',
      permissions: permissionsOf(actor),
      hints: hintsFor(actor, await missingPieces(db, actor.accountId)),
      session: session === undefined ? null : { id: session, method: tokenId ? 'token' : 'session' },
    }
  })
}
