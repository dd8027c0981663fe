/** The one statement of the lock's own connection. */
import { advisoryLocks } from '../../platform/advisory-locks.ts'
import type pg from 'pg'

export type LockConnection = { readonly client: pg.Client; lost: boolean }

/** Arbitrary but fixed, beside the migrations' own. */

/** Held until the connection ends. */
export const tryLock = async ({ client }: LockConnection): Promise<boolean> => {
  const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [
    advisoryLocks.sequencer,
  ])
  return rows[0]?.locked === true
}
