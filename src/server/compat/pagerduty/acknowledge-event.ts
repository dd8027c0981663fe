/** A sender says that somebody works on an alert and names nobody: the alert says so, and paging goes on. */
import { readText } from '../../../domain/operations/alerts/sent-text.ts'
import { noteOnAlert } from '../../operations/alerts/change-alert.ts'
import { findNotesOf, findOpenAlertIn } from '../../operations/alerts/environment-store.ts'
import type { KnownKey } from '../../people/environments/integration-key.ts'
import type { Ctx } from '../../platform/context.ts'
import { bodyOf } from '../../platform/event-body.ts'
import { read } from '../../platform/record.ts'

const LONGEST_CLIENT = 255
/** What is recorded, in English for whoever reads it. */
export const WORKED_ON = 'The sender says that somebody works on it, and names nobody: paging goes on.'
const SENDER = 'the sender of PagerDuty events'

/** A sender that repeats itself is noted once; what nobody knows is dropped, as in PagerDuty. */
export const acknowledgeEvent = async (
  ctx: Ctx,
  key: KnownKey,
  { fingerprint, client }: { fingerprint: string; client: unknown },
): Promise<void> => {
  const alert = await read(ctx, (db) => findOpenAlertIn(db, key.environmentId, fingerprint))
  if (!alert) return
  const [last] = await read(ctx, (db) => findNotesOf(db, alert.id, { limit: 1, newestFirst: true }))
  if (last && bodyOf(last.disclosures ?? [])['note'] === WORKED_ON) return
  await noteOnAlert(ctx, {
    alertId: alert.id,
    note: WORKED_ON,
    by: readText(client, 'client', LONGEST_CLIENT, []) || SENDER,
  })
}
