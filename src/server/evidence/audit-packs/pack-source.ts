/** The little of the platform that making a pack takes: a thread can be given it. */
import type { BlobSource } from '../../platform/blobs.ts'
import type { Database } from '../../platform/database.ts'
import type { Log } from '../../platform/log.ts'
import type { Secrets } from '../../platform/secrets.ts'

export type PackSource = BlobSource & {
  readonly database: Pick<Database, 'db'>
  readonly log: Log
  readonly secrets: Pick<Secrets, 'open' | 'ledgerKey'>
}
