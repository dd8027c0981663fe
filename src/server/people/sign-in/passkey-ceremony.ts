/** What both WebAuthn ceremonies share: who we are towards authenticators, and the challenge that is kept in between. */
import type { Platform } from '../../platform/context.ts'
import type { Db } from '../../platform/database.ts'
import type { WriteTx } from '../../platform/record.ts'
import { Fault } from '../../platform/faults.ts'
import {
  issueOneTimeToken,
  noteSpent,
  peekOneTimeToken,
  refuseSpent,
  spendOneTimeToken,
  withTokens,
} from '../accounts/one-time-token.ts'

const VALID_FOR_MS = 5 * 60 * 1000

/** Loaded when first needed: the library brings certificate parsers that an idle process should not hold. */
export const webauthn = () => import('@simplewebauthn/server')

/** Passkeys are bound to the host name of BASE_URL; browsers refuse bare IP addresses except through localhost. */
export const relyingParty = ({ config }: Platform): { id: string; origin: string } => {
  const url = new URL(config.baseUrl)
  return { id: url.hostname, origin: url.origin }
}

const REGISTRATION = 'passkey-registration'
const SIGN_IN = 'passkey-sign-in'

/** @returns the secret by which the answer finds its challenge again */
export const keepChallenge = (platform: Platform, challenge: string, accountId: string): Promise<string> =>
  withTokens(platform, (tx) =>
    issueOneTimeToken(tx, {
      purpose: REGISTRATION,
      state: { challenge },
      validForMs: VALID_FOR_MS,
      accountId,
    }),
  )

const answeredAlready = (): Fault =>
  new Fault('link-used', 'This challenge was answered already. Start again.')

/** Looks only: the token is spent in the transaction that does what the ceremony proved. */
export const challengeOf = async (
  platform: Platform,
  secret: string,
): Promise<{ challenge: string; accountId: string | null }> => {
  const token = await peekOneTimeToken(platform.database.db, REGISTRATION, secret, platform.clock.now())
  if (token.used) throw answeredAlready()
  return { challenge: (token.state as { challenge: string }).challenge, accountId: token.accountId }
}

export const spendChallenge = (tx: WriteTx, secret: string): Promise<unknown> =>
  spendOneTimeToken(tx, REGISTRATION, secret)

type SignInChallenge = { readonly challenge: string; readonly expiresAt: number }

/** Kept by whoever signs in, sealed: anybody may ask for a challenge, and a row for each would fill the disk. */
export const sealChallenge = ({ secrets, clock }: Platform, challenge: string): string => {
  const kept: SignInChallenge = { challenge, expiresAt: clock.now() + VALID_FOR_MS }
  return secrets.seal(SIGN_IN, Buffer.from(JSON.stringify(kept))).toString('base64url')
}

export const openChallenge = ({ secrets, clock }: Platform, sealed: string): SignInChallenge => {
  const expired = (): Fault =>
    new Fault('link-expired', 'This challenge has expired or was never made here. Start again.')
  let kept: SignInChallenge
  try {
    kept = JSON.parse(secrets.open(SIGN_IN, Buffer.from(sealed, 'base64url')).toString()) as SignInChallenge
  } catch {
    throw expired()
  }
  if (kept.expiresAt <= clock.now()) throw expired()
  return kept
}

/** Before the answer is judged: authenticators count, and a second time would look like a copied one. */
export const refuseAnswered = (db: Db, { challenge }: SignInChallenge): Promise<void> =>
  refuseSpent(db, SIGN_IN, challenge)

/** What counts as used is the challenge, not the text it came in: the same bytes have several spellings. */
export const noteAnswered = (tx: WriteTx, { challenge, expiresAt }: SignInChallenge): Promise<void> =>
  noteSpent(tx, SIGN_IN, challenge, expiresAt)
