/** What happened to an alert, what was said about it, and who was paged. */
import type { opsGenieRoutes } from '../../../contract/compat/opsgenie.ts'
import type { ReplyOf } from '../../../contract/route.ts'
import { findNotesOf } from '../../operations/alerts/environment-store.ts'
import { ofItself, peopleIn, presentActivity } from '../../operations/alerts/present-activity.ts'
import { findActivity, findPagesOf } from '../../operations/alerts/store.ts'
import { findPageIntents } from '../../operations/paging/intent-store.ts'
import { namesOf } from '../../people/accounts/store.ts'
import { bodyOf } from '../../platform/event-body.ts'
import { read } from '../../platform/record.ts'
import type { Call } from './call.ts'
import { alertOrFault } from './read-alerts.ts'
import { stretchOf } from './stretch.ts'

type Content<Name extends keyof typeof opsGenieRoutes> = Omit<
  ReplyOf<(typeof opsGenieRoutes)[Name]>,
  'took' | 'requestId'
>

const MOST_NOTES = 1_000
const iso = (at: number): string => new Date(at).toISOString()

export const listNotes = async (call: Call): Promise<Content<'listOpsGenieNotes'>> => {
  const alert = await alertOrFault(call)
  const notes = await read(call.ctx, (db) =>
    findNotesOf(db, alert.id, { limit: MOST_NOTES, newestFirst: false }),
  )
  return stretchOf(
    call,
    notes.map(({ at, disclosures }) => {
      const { note = '', by = '' } = bodyOf(disclosures ?? []) as { note?: string; by?: string }
      return { note, owner: by, createdAt: iso(at) }
    }),
  )
}

/** As a machine's reader meets them, in English; a kind that is not here is called by its own name. */
const sentences: Readonly<Record<string, string>> = {
  opened: 'Alert created',
  paged: 'Somebody is being paged',
  'page-acknowledged': 'Page acknowledged',
  'page-escalated': 'Page escalated',
  acknowledged: 'Alert acknowledged',
  'acknowledged-through-key': 'Alert acknowledged through an integration key',
  'acknowledged-with-page': 'Alert acknowledged with its page',
  unacknowledged: 'Alert unacknowledged',
  assigned: 'Alert assigned',
  unassigned: 'Alert is nobody’s any more',
  snoozed: 'Alert snoozed',
  'snooze-ended': 'Snooze ended',
  escalated: 'Alert escalated',
  'responder-added': 'Responder added',
  tagged: 'Tags changed',
  'details-changed': 'Details changed',
  'closed-by-hand': 'Alert closed by hand',
  'resolved-by-source': 'Alert closed by its source',
  'changed-by-source': 'Alert changed by its source',
  changed: 'Alert changed',
  noted: 'Note added',
  'incident-opened': 'Incident opened',
  merged: 'Added to an incident',
  'taken-out': 'Taken out of an incident',
}

export const listLogs = async (call: Call): Promise<Content<'listOpsGenieLogs'>> => {
  const alert = await alertOrFault(call)
  const [activity, names] = await read(call.ctx, async (db) => {
    const rows = await findActivity(db, alert.id)
    return [rows, await namesOf(db, rows.flatMap(peopleIn))] as const
  })
  const happened = [
    ofItself(alert.opened_at, 'opened'),
    ...activity.map((row) => presentActivity(row, names)),
    ...(alert.closed_by === 'source' && alert.closed_at
      ? [ofItself(alert.closed_at, 'resolved-by-source')]
      : []),
  ]
  return stretchOf(
    call,
    happened.map(({ at, kind, by, whom, until, detail }) => ({
      log: [
        sentences[kind] ?? kind,
        whom ? ` to ${names.get(whom.id)?.handle ?? whom.name}` : '',
        until === null ? '' : ` until ${iso(until)}`,
        detail === null ? '' : `: ${detail}`,
      ].join(''),
      type: by ? ('alertRecipient' as const) : ('system' as const),
      owner: by ? (names.get(by.id)?.handle ?? by.name) : 'System',
      createdAt: iso(at),
    })),
  )
}

/** Each person once, however often and on however many channels they were told. */
export const listRecipients = async (call: Call): Promise<Content<'listOpsGenieRecipients'>> => {
  const alert = await alertOrFault(call)
  const [intents, names] = await read(call.ctx, async (db) => {
    const pages = await findPagesOf(db, alert.id)
    const told = []
    for (const { id } of pages) told.push(...(await findPageIntents(db, id)))
    return [
      told,
      await namesOf(
        db,
        told.map(({ account_id }) => account_id),
      ),
    ] as const
  })
  const people = Map.groupBy(intents, ({ account_id }) => account_id)
  return {
    data: [...people].map(([id, own]) => {
      const hasIt = alert.acknowledged_by === id
      const ends = own.map((intent) => intent.ended_at ?? intent.intended_at)
      return {
        user: { id, username: names.get(id)?.handle ?? '' },
        state: hasIt ? ('action' as const) : ('notactive' as const),
        method: hasIt ? 'Acknowledge' : '',
        createdAt: iso(Math.min(...own.map(({ intended_at }) => intended_at))),
        updatedAt: iso(Math.max(...ends, hasIt ? (alert.acknowledged_at ?? 0) : 0)),
      }
    }),
  }
}
