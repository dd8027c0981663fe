/** Links 3 to 5: decisions recorded and shells opened for an incident appear in it by themselves, in the same transaction. */
import type { IncidentCommand, IncidentState } from '../../domain/operations/incidents/incident.ts'
import { decisionProposed, glassBroken } from '../operations/decision-log/index.ts'
import { commandKnownIncident } from '../operations/incidents/index.ts'
import { sessionOpened } from '../operations/operator-log/index.ts'
import type { RecordedEvent } from '../platform/events.ts'
import type { Reactions } from '../platform/reactions.ts'
import type { WriteTx } from '../platform/record.ts'

type CommandOf = (state: IncidentState) => IncidentCommand | undefined

/** Does nothing for a record that names no incident. */
const link = async (tx: WriteTx, event: RecordedEvent, commandOf: CommandOf): Promise<void> => {
  const incidentId = event.refs.find(([kind]) => kind === 'incident')?.[1]
  if (incidentId) await commandKnownIncident(tx, incidentId, commandOf, event.environmentId)
}

const linkDecisions = async (tx: WriteTx, events: readonly RecordedEvent[]): Promise<void> => {
  for (const event of events) {
    const command = { kind: 'link-decision', by: event.actorId ?? '', decisionId: event.streamId } as const
    await link(tx, event, (state) => (state.decisionIds.includes(event.streamId) ? undefined : command))
  }
}

export const actToIncident = (reactions: Reactions): void => {
  reactions.on(decisionProposed, linkDecisions)
  reactions.on(glassBroken, linkDecisions)
  reactions.on(sessionOpened, async (tx, events) => {
    for (const event of events) {
      const { authority, operator } = event.body
      await link(tx, event, () => ({
        kind: 'link-session',
        by: operator,
        sessionId: event.streamId,
        authority,
      }))
    }
  })
}
