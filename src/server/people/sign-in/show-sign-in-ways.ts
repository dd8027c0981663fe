/** What the sign-in page offers. */
import type { Ctx } from '../../platform/context.ts'
import { read } from '../../platform/record.ts'
import { administratorExists } from '../accounts/store.ts'
import { findInstallation } from '../installation/store.ts'

export const showSignInWays = (ctx: Ctx) => {
  const { OIDC_ISSUER: issuer } = ctx.platform.config
  return read(ctx, async (db) => ({
    organisation: (await findInstallation(db))?.organisation ?? '',
    password: true as const,
    passkey: true as const,
    oidc: issuer === undefined ? null : { start: '/sign-in/oidc', issuer: new URL(issuer).host },
    setupNeeded: !(await administratorExists(db)),
  }))
}
