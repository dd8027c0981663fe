/**
 * Slows guessing down: so many wrong tries for an account from one address, and so many from an address for any account.
 * Never for an account from everywhere: that would let anybody lock the on-call engineer out.
 */
import { createHmac } from 'node:crypto'
import { isIPv6 } from 'node:net'
import type { Ctx } from '../../platform/context.ts'
import { Fault } from '../../platform/faults.ts'
import { count } from '../../platform/metrics.ts'
import { countTry, forgiveTry } from './store.ts'

export const WINDOW_MS = 15 * 60 * 1000
export const MOST_PER_ACCOUNT = 5
export const MOST_PER_ADDRESS = 50

/** Somebody with IPv6 has at least a /64 to call from. */
const networkOf = (address: string): string =>
  isIPv6(address) && !address.startsWith('::ffff:') ? address.split(':').slice(0, 4).join(':') : address

const hashOf = (ctx: Ctx, subject: string): Buffer =>
  createHmac('sha256', ctx.platform.secrets.derive('sign-in-tries')).update(subject).digest()

const subjectsOf = (ctx: Ctx, account: string): { ofAccount: Buffer; ofAddress: Buffer } => {
  const network = networkOf(ctx.address)
  return {
    ofAccount: hashOf(ctx, `account\n${account}\n${network}`),
    ofAddress: hashOf(ctx, `address\n${network}`),
  }
}

/** Counts this try and refuses it when there were too many; the password is then not even looked at. */
export const requireTriesLeft = async (ctx: Ctx, account: string): Promise<void> => {
  const { ofAccount, ofAddress } = subjectsOf(ctx, account)
  const now = ctx.platform.clock.now()
  const rows = await countTry(ctx.platform.database.db, [ofAccount, ofAddress], now, WINDOW_MS)
  const over = rows.filter(
    (row) => row.tries > (row.subject_hash.equals(ofAccount) ? MOST_PER_ACCOUNT : MOST_PER_ADDRESS),
  )
  if (over.length === 0) return
  count('fortnight_sign_ins_throttled_total', 'Tries to sign in that were refused unseen.')
  const freeAt = Math.max(...over.map((row) => row.since_at + WINDOW_MS))
  const minutes = Math.max(1, Math.ceil((freeAt - now) / 60_000))
  throw new Fault(
    'too-many-tries',
    `There were too many wrong tries from here. Wait ${minutes} minute(s), or sign in with a passkey.`,
  )
}

/** The right password clears the account's count and gives the address its try back: an office may sign in all morning. */
export const forgiveTries = (ctx: Ctx, account: string): Promise<void> => {
  const { ofAccount, ofAddress } = subjectsOf(ctx, account)
  return forgiveTry(ctx.platform.database.db, ofAccount, ofAddress)
}
