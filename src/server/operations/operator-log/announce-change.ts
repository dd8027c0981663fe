/** A machine says what it changed in its environment; whoever is paged next reads it among the last changes. */
import type { Ctx } from '../../platform/context.ts'
import { Fault } from '../../platform/faults.ts'
import { record } from '../../platform/record.ts'
import { changeAnnounced } from './events.ts'

export type AnnouncedChange = {
  readonly what: string
  readonly source: string
  /** Epoch milliseconds, as the sender says. */
  readonly happenedAt: number
  readonly links: readonly string[]
  readonly details: Readonly<Record<string, string>>
}

export const announceChange = async (ctx: Ctx, change: AnnouncedChange): Promise<void> => {
  const { actor } = ctx
  if (actor.kind !== 'integration')
    throw new Fault('not-allowed', 'Changes are announced with an integration key of their environment.')
  const { customerId, environmentId } = actor
  await record(ctx, async (tx) =>
    tx.append(changeAnnounced, {
      stream: tx.id(),
      customerId,
      environmentId,
      refs: [['environment', environmentId]],
      body: { ...change, links: [...change.links], details: { ...change.details } },
    }),
  )
}
