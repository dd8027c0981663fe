/** What both WebAuthn ceremonies share: who we are towards authenticators, and the challenge that is kept in between. */
import type { Platform } from '../../platform/context.ts'
import { Fault } from '../../platform/faults.ts'
import { issueOneTimeToken, peekOneTimeToken, withTokens } from '../accounts/one-time-token.ts'

const VALID_FOR_MS = 5 * 60 * 1000

/** Loaded when first needed: the library brings certificate parsers that an idle process should not hold. */
export const webauthn = () => import('@simplewebauthn/server')

/** Passkeys are bound to the host name of BASE_URL; browsers refuse bare IP addresses except through localhost. */
export const relyingParty = ({ config }: Platform): { id: string; origin: string } => {
  const url = new URL(config.baseUrl)
  return { id: url.hostname, origin: url.origin }
}

export type CeremonyPurpose = 'passkey-registration' | 'passkey-sign-in'

/** @returns the secret by which the answer finds its challenge again */
export const keepChallenge = (
  platform: Platform,
  purpose: CeremonyPurpose,
  challenge: string,
  accountId?: string,
): Promise<string> =>
  withTokens(platform, (tx) =>
    issueOneTimeToken(tx, {
      purpose,
      state: { challenge },
      validForMs: VALID_FOR_MS,
      ...(accountId ? { accountId } : {}),
    }),
  )

/** Looks only: the token is spent in the transaction that does what the ceremony proved. */
export const challengeOf = async (
  platform: Platform,
  purpose: CeremonyPurpose,
  secret: string,
): Promise<{ challenge: string; accountId: string | null }> => {
  const token = await peekOneTimeToken(platform.database.db, purpose, secret, platform.clock.now())
  if (token.used) throw new Fault('link-used', 'This challenge was answered already. Start again.')
  return { challenge: (token.state as { challenge: string }).challenge, accountId: token.accountId }
}
