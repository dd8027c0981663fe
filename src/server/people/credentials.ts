/** What tokens and keys have in common. */
import type { Ctx, Platform } from '../platform/context.ts'
import { Fault } from '../platform/faults.ts'

/** The demo's token and key, which its README prints. No random secret begins like this, but for one in a thousand million. */
const PRINTED = /^fn[pi]_demo_/
const demos = new WeakSet<Platform>()

/** Called by the demo alone: elsewhere what is printed opens nothing, also where somebody took the demo's data along. */
export const acceptPrintedSecrets = (platform: Platform): void => void demos.add(platform)
export const opensNothing = (platform: Platform, secret: string): boolean =>
  PRINTED.test(secret) && !demos.has(platform)

const HINT_LENGTH = 4
/** What lists show of a secret. */
export const hintOf = (secret: string): string => secret.slice(-HINT_LENGTH)

/** A token that may make credentials could give itself what its scopes refuse, or outlive its own revocation. */
export const requireSession = (ctx: Ctx): void => {
  if (ctx.actor.kind === 'person' && ctx.actor.tokenId !== undefined)
    throw new Fault('not-allowed', 'A token cannot make or change credentials. Sign in and do it there.')
}

export const requireFuture = (ctx: Ctx, expiresAt: number | undefined): void => {
  if (expiresAt !== undefined && expiresAt <= ctx.platform.clock.now())
    throw new Fault('invalid-input', 'The expiry lies in the past. Nothing was created.', {
      errors: [{ path: 'body.expiresAt', detail: 'must lie in the future' }],
    })
}
