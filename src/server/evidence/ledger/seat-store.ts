/** The one statement of the lock's own connection. */
import type pg from 'pg'

export type LockConnection = { readonly client: pg.Client; lost: boolean }

/** Arbitrary but fixed, beside the migrations' own. */
const SEQUENCER_LOCK = 4280_0003

/** Held until the connection ends. */
export const tryLock = async ({ client }: LockConnection): Promise<boolean> => {
  const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [
    SEQUENCER_LOCK,
  ])
  return rows[0]?.locked === true
}
