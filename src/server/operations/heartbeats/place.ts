/** Whose heartbeats are kept: those of the environment of a key, or of the one that a person names. */
import { environmentNamed } from '../../people/environments/find-environment.ts'
import type { WriteTx } from '../../platform/record.ts'
import { keyOf } from './ping-heartbeat.ts'

type Place = { readonly customerId: string; readonly environmentId: string }

/** @param environment slug or id; a key has its own, whatever is named */
export const placeIn = async (tx: WriteTx, environment: string | undefined): Promise<Place> => {
  if (tx.ctx.actor.kind !== 'person' || environment === undefined) return keyOf(tx.ctx)
  const row = await environmentNamed(tx.db, environment)
  return { customerId: row.customer_id, environmentId: row.id }
}
