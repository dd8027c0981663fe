/** What tells alerts of other dialects apart: the key that sent them and the name the sender gave. */
import { createHash } from 'node:crypto'

/**
 * Never the name alone: the alias that an Alertmanager sends is a digest of its routing, and equal in every cluster that
 * is set up alike. 128 bits, so that no webhook of 64 can be made to look like it.
 */
export const fingerprintOf = (dialect: 'opsgenie' | 'pagerduty', keyId: string, name: string): string =>
  createHash('sha256')
    .update(JSON.stringify([dialect, keyId, name]))
    .digest('hex')
    .slice(0, 32)
