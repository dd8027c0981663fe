/** Until somebody administers this installation, each start prints a one-time link to become that somebody. */
import { systemCtx, type Platform } from '../../platform/context.ts'
import { record } from '../../platform/record.ts'
import { issueOneTimeToken } from '../accounts/one-time-token.ts'
import { administratorExists } from '../accounts/store.ts'
import { setupLinkIssued } from './events.ts'
import { findInstallation } from './store.ts'

export const SETUP_PURPOSE = 'setup'
const VALID_FOR_MS = 24 * 3600 * 1000

/** @returns undefined once an administrator exists, ever. Earlier links stay valid: several processes may start at once. */
export const setupLink = async (platform: Platform): Promise<string | undefined> => {
  if (await administratorExists(platform.database.db)) return undefined
  const installation = await findInstallation(platform.database.db)
  if (!installation) throw new Error('setupLink() before ensureInstallation()')
  const secret = await record(systemCtx(platform, 'first-start'), async (tx) => {
    tx.append(setupLinkIssued, { stream: installation.id, body: { expiresAt: tx.now + VALID_FOR_MS } })
    return issueOneTimeToken(tx, { purpose: SETUP_PURPOSE, validForMs: VALID_FOR_MS })
  })
  return `${platform.config.baseUrl}/setup?token=${secret}`
}
