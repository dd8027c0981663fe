/** When no administrator can get in any more: whoever runs the server makes one a new way in, and the ledger says so. */
import { hostCtx, type Platform } from '../../platform/context.ts'
import { Fault } from '../../platform/faults.ts'
import { record } from '../../platform/record.ts'
import { forgetIdentities } from '../sign-in/forget-identities.ts'
import { administratorInvited } from './events.ts'
import { staffNamed } from './find-account.ts'
import { INVITATION_PURPOSE } from './invite-account.ts'
import { forgetOneTimeTokens } from './one-time-token-store.ts'
import { issueOneTimeToken } from './one-time-token.ts'
import { allAccountRows, type AccountRow } from './store.ts'
import { changeAccount } from './update-account.ts'
import { isRole } from '../../../domain/people/permissions.ts'

/** Short: whoever asks for it stands before the machine. */
const VALID_FOR_MS = 24 * 3600 * 1000

type Asked = {
  /** Handle; may be left out where there is one administrator only. */
  readonly account?: string | undefined
  /** Gives the account the role when it lacks it: the only administrator may have left. */
  readonly grant: boolean
  readonly host: string
  readonly user: string
}

const administrators = async ({ database }: Platform): Promise<AccountRow[]> =>
  (await allAccountRows(database.db)).filter(
    ({ kind, roles, archived_at }) =>
      kind === 'staff' && archived_at === null && roles.includes('administrator'),
  )

const chosen = async (platform: Platform, { account, grant }: Asked): Promise<string> => {
  const all = await administrators(platform)
  const names = all.map(({ handle }) => handle).join(', ')
  if (account === undefined) {
    const [only] = all
    if (only && all.length === 1) return only.handle
    throw new Fault('invalid-input', `Say with --account which administrator it is for: ${names}.`)
  }
  const row = await staffNamed(platform.database.db, account)
  if (!grant && !row.roles.includes('administrator'))
    throw new Fault(
      'not-allowed',
      `${row.handle} is no administrator (${names}). With --grant ${row.handle} becomes one.`,
    )
  return row.handle
}

/** One transaction: the role where it is granted, the link, and the act that says who made it and where. */
export const inviteFromHost = async (
  platform: Platform,
  asked: Asked,
): Promise<{ readonly handle: string; readonly link: string; readonly expiresAt: number }> => {
  const handle = await chosen(platform, asked)
  return record(hostCtx(platform), async (tx) => {
    const account = await staffNamed(tx.db, handle)
    const roles = [...new Set([...account.roles.filter(isRole), 'administrator' as const])]
    await changeAccount(tx, account, { roles })
    await forgetOneTimeTokens(tx.db, INVITATION_PURPOSE, account.id)
    await forgetIdentities(tx, account)
    const token = await issueOneTimeToken(tx, {
      purpose: INVITATION_PURPOSE,
      accountId: account.id,
      validForMs: VALID_FOR_MS,
    })
    const expiresAt = tx.now + VALID_FOR_MS
    tx.append(administratorInvited, {
      stream: account.id,
      refs: [['account', account.id]],
      body: { host: asked.host, user: asked.user, expiresAt },
    })
    return { handle, link: `${platform.config.baseUrl}/invitation?token=${token}`, expiresAt }
  })
}
