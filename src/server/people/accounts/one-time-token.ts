/** Single-use secrets in links: made in the transaction that needs them, stored as a hash, spent by exactly one POST. */
import { createHash, randomBytes } from 'node:crypto'
import type { Db, Tx } from '../../platform/database.ts'
import { Fault } from '../../platform/faults.ts'
import type { Platform } from '../../platform/context.ts'
import type { WriteTx } from '../../platform/record.ts'
import {
  findOneTimeToken,
  insertIfNew,
  insertOneTimeTokens,
  takeOneTimeToken,
  type OneTimeTokenRow,
} from './one-time-token-store.ts'

export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest()
/** 192 random bits, readable in a URL. */
export const newSecret = (prefix: string): string => `${prefix}${randomBytes(24).toString('base64url')}`

/** All that a token needs of a transaction. */
type TokenTx = Pick<WriteTx, 'db' | 'now'>

export type OneTimeToken = {
  readonly purpose: string
  readonly accountId: string | null
  readonly subjectId: string | null
  readonly state: unknown
}

type NewToken = {
  readonly purpose: string
  readonly accountId?: string
  readonly subjectId?: string
  readonly state?: unknown
  readonly validForMs: number
}

/** @returns the secrets in the order of what they are for */
export const issueOneTimeTokens = async (tx: TokenTx, about: readonly NewToken[]): Promise<string[]> => {
  const secrets = about.map(() => newSecret(''))
  const rows = about.map(({ purpose, accountId, subjectId, state, validForMs }, index) => ({
    token_hash: hashSecret(secrets[index] ?? ''),
    purpose,
    account_id: accountId ?? null,
    subject_id: subjectId ?? null,
    state: JSON.stringify(state ?? {}),
    created_at: tx.now,
    expires_at: tx.now + validForMs,
    used_at: null,
  }))
  if (rows.length > 0) await insertOneTimeTokens(tx.db, rows)
  return secrets
}

export const issueOneTimeToken = async (tx: TokenTx, about: NewToken): Promise<string> =>
  (await issueOneTimeTokens(tx, [about]))[0] ?? ''

const asToken = (row: OneTimeTokenRow): OneTimeToken => ({
  purpose: row.purpose,
  accountId: row.account_id,
  subjectId: row.subject_id,
  state: row.state,
})

const expired = (): Fault =>
  new Fault('link-expired', 'This link has expired or was never valid. Open Fortnight and do it there.')

/** Looks without touching: what GET and HEAD may do. Used tokens are returned too, so that a page can say so. */
export const peekOneTimeToken = async (
  db: Db | Tx,
  purpose: string,
  secret: string,
  now: number,
): Promise<OneTimeToken & { used: boolean }> => {
  const row = await findOneTimeToken(db, purpose, hashSecret(secret))
  if (!row || row.expires_at <= now) throw expired()
  return { ...asToken(row), used: row.used_at !== null }
}

/** Spends the token in this transaction: of two at once exactly one succeeds. */
export const spendOneTimeToken = async (
  tx: TokenTx,
  purpose: string,
  secret: string,
): Promise<OneTimeToken> => {
  const row = await takeOneTimeToken(tx.db, purpose, hashSecret(secret), tx.now)
  if (row) return asToken(row)
  const { used } = await peekOneTimeToken(tx.db, purpose, secret, tx.now)
  throw used
    ? new Fault('link-used', 'This link was used already. Open Fortnight to see how things stand.')
    : expired()
}

const finishedAlready = (): Fault => new Fault('link-used', 'This sign-in was finished already. Start again.')

/** Looks only, before anything costly is asked for it. */
export const refuseSpent = async (db: Db | Tx, purpose: string, secret: string): Promise<void> => {
  if (await findOneTimeToken(db, purpose, hashSecret(secret))) throw finishedAlready()
}

/** For a secret that its holder kept for us: from now on it is used, and whoever brings it again is told so. */
export const noteSpent = async (
  tx: TokenTx,
  purpose: string,
  secret: string,
  expiresAt: number,
): Promise<void> => {
  const row = { purpose, account_id: null, subject_id: null, state: '{}', created_at: tx.now }
  const times = { expires_at: expiresAt, used_at: tx.now }
  if (!(await insertIfNew(tx.db, { ...row, ...times, token_hash: hashSecret(secret) })))
    throw finishedAlready()
}

/** A transaction for a token alone: a flow that merely begins is no history yet. */
export const withTokens = <T>({ database, clock }: Platform, work: (tx: TokenTx) => Promise<T>): Promise<T> =>
  database.db.transaction().execute((db) => work({ db, now: clock.now() }))
