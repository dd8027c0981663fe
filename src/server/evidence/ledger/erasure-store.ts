/** SQL of erasing: the only place that takes words out of event_bodies. */
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'

export type ErasableRow = {
  readonly id: string
  readonly type: string
  readonly environment_id: string | null
  readonly customer_id: string | null
  readonly disclosures: string[]
}

/** Locked, so that two erasures of one entry do not restore each other's words. */
export const lockBody = async (db: Tx, eventId: string): Promise<ErasableRow | undefined> => {
  const { rows } = await sql<ErasableRow>`
    select e.id, e.type, e.environment_id, e.customer_id, b.disclosures from events e
    join event_bodies b on b.event_id = e.id where e.id = ${eventId}::uuid for update of b`.execute(db)
  return rows[0]
}

/** The database refuses this in every transaction that does not say that it erases. */
export const keepDisclosures = async (db: Tx, eventId: string, kept: readonly string[]): Promise<void> => {
  await sql`select set_config('fortnight.erasing', 'on', true)`.execute(db)
  await sql`update event_bodies set disclosures = ${kept}::text[] where event_id = ${eventId}::uuid`.execute(
    db,
  )
  await sql`select set_config('fortnight.erasing', 'off', true)`.execute(db)
}

export type NewErasure = { readonly field: string; readonly digest: string }

export const insertErasures = async (
  db: Tx,
  about: { eventId: string; at: number; by: string },
  erased: readonly NewErasure[],
): Promise<void> => {
  await db
    .insertInto('erasures')
    .values(
      erased.map(({ field, digest }) => ({
        event_id: about.eventId,
        digest,
        field,
        erased_at: about.at,
        erased_by_event_id: about.by,
      })),
    )
    .execute()
}
