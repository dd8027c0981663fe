/**
 * Slows guessing down: so many wrong tries for an account from one address, and so many from an address for any account.
 * Never for an account from everywhere: that would let anybody lock the on-call engineer out.
 */
import { createHmac } from 'node:crypto'
import { isIPv4, isIPv6 } from 'node:net'
import type { Ctx } from '../../platform/context.ts'
import { Fault } from '../../platform/faults.ts'
import { count } from '../../platform/metrics.ts'
import { countTry, forgiveTry } from './store.ts'

export const WINDOW_MS = 15 * 60 * 1000
export const MOST_PER_ACCOUNT = 5
export const MOST_PER_ADDRESS = 50

const DOTTED = /\d+\.\d+\.\d+\.\d+$/

/** The first four groups of an IPv6 address as numbers, however it was abbreviated (RFC 4291 section 2.2). */
const networkPrefix = (address: string): string => {
  const plain = address.replace(/%.*$/, '').replace(DOTTED, '0:0')
  const [left = [], right = []] = plain.split('::').map((part) => (part === '' ? [] : part.split(':')))
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0')
  return [...left, ...zeros, ...right]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}

/** Somebody with IPv6 has at least a /64 to call from; an IPv4 address is the same one however it arrives. */
export const networkOf = (address: string): string => {
  if (!isIPv6(address)) return address
  const mapped = /^::ffff:(.*)$/i.exec(address)?.[1]
  return mapped !== undefined && isIPv4(mapped) ? mapped : networkPrefix(address)
}

const hashOf = (ctx: Ctx, subject: string): Buffer =>
  createHmac('sha256', ctx.platform.secrets.derive('sign-in-tries')).update(subject).digest()

const subjectsOf = (ctx: Ctx, account: string): { ofAccount: Buffer; ofAddress: Buffer } => {
  const network = networkOf(ctx.address)
  return {
    ofAccount: hashOf(ctx, `account\n${account}\n${network}`),
    ofAddress: hashOf(ctx, `address\n${network}`),
  }
}

/** @returns when it may try again, where it tried too often */
const triedTooOften = async (
  { platform }: Ctx,
  subject: Buffer,
  most: number,
  now: number,
): Promise<number | undefined> => {
  const [row] = await countTry(platform.database.db, [subject], now, WINDOW_MS)
  return row && row.tries > most ? row.since_at + WINDOW_MS : undefined
}

/** Counts this try and refuses it when there were too many; the password is then not even looked at. */
export const requireTriesLeft = async (ctx: Ctx, account: string): Promise<void> => {
  const { ofAccount, ofAddress } = subjectsOf(ctx, account)
  const now = ctx.platform.clock.now()
  const freeAt =
    (await triedTooOften(ctx, ofAddress, MOST_PER_ADDRESS, now)) ??
    // Not counted for an address that tried too often: each made-up name would be a row of its own, without end.
    (await triedTooOften(ctx, ofAccount, MOST_PER_ACCOUNT, now))
  if (freeAt === undefined) return
  count('fortnight_sign_ins_throttled_total', 'Tries to sign in that were refused unseen.')
  const seconds = Math.max(1, Math.ceil((freeAt - now) / 1_000))
  throw new Fault(
    'too-many-tries',
    `There were too many wrong tries from here. Wait ${Math.ceil(seconds / 60)} minute(s), or sign in with a passkey.`,
    { retryAfterSeconds: seconds },
  )
}

/** The right password clears the account's count and gives the address its try back: an office may sign in all morning. */
export const forgiveTries = (ctx: Ctx, account: string): Promise<void> => {
  const { ofAccount, ofAddress } = subjectsOf(ctx, account)
  return forgiveTry(ctx.platform.database.db, ofAccount, ofAddress)
}
