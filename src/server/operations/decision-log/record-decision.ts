/** Opens a decision: proposed, decided at once, or by breaking the glass. */
import type { decisionRoutes } from '../../../contract/operations/decision-log.ts'
import type { InputOf } from '../../../contract/route.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Ref } from '../../platform/events.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { record, type WriteTx } from '../../platform/record.ts'
import { checkContacts, commandDecision, personOf } from './change-decision.ts'
import { findEnvironment, findIncidentNamed, isAlertOf, takeDecisionNumber } from './store.ts'

const openPlace = async (tx: WriteTx, slug: string, id: string = tx.id()) => {
  const environment = await findEnvironment(tx.db, slug)
  if (!environment) throw notFound(`The environment ${slug}`)
  if (environment.archived_at !== null)
    throw new Fault('conflict', `${environment.name} is archived; its Decision Log takes no new entries.`)
  const number = await takeDecisionNumber(tx.db, environment.id)
  const where: {
    id: string
    customer_id: string
    environment_id: string
    number: number
    content_event_id?: string
  } = {
    id,
    customer_id: environment.customer_id,
    environment_id: environment.id,
    number,
  }
  return where
}

type About = { readonly incidentId?: string | undefined; readonly alertId?: string | undefined }

/** Only records of this environment: their ids go into a log that its customer takes away. */
const refsOf = async (tx: WriteTx, environmentId: string, { incidentId, alertId }: About): Promise<Ref[]> => {
  const refs: Ref[] = []
  if (incidentId) {
    const id = await findIncidentNamed(tx.db, environmentId, incidentId)
    if (!id) throw notFound(`The incident ${incidentId} in this environment`)
    refs.push(['incident', id])
  }
  if (alertId) {
    if (!(await isAlertOf(tx.db, environmentId, alertId))) throw notFound('The alert in this environment')
    refs.push(['alert', alertId])
  }
  return refs
}

export const recordDecision = (
  ctx: Ctx,
  input: InputOf<typeof decisionRoutes.recordDecision>,
): Promise<string> =>
  record(ctx, async (tx) => {
    const by = personOf(ctx)
    const where = await openPlace(tx, input.environment)
    await checkContacts(tx, where.customer_id, input.cooperation)
    const { what, why, options, risk, rollback, validUntil } = input
    const terms = { what, why, options, risk, rollback, validUntil }
    const refs = await refsOf(tx, where.environment_id, input)
    const opening = { decisionId: where.id, environmentId: where.environment_id, by }
    const proposed = await commandDecision(tx, where, null, { kind: 'propose', ...opening, terms }, refs)
    if (input.cooperation)
      await commandDecision(tx, where, proposed, { kind: 'decide', by, cooperation: input.cooperation }, refs)
    return where.id
  })

/** In a transaction of the caller's: a recording that starts with a broken glass opens both together. */
export const breakGlassIn = async (
  tx: WriteTx,
  input: {
    /** Chosen by the caller when its own record names the decision. */
    id?: string
    environment: string
    why: string
    openedAt?: number | undefined
    incidentId?: string | undefined
  },
): Promise<{ id: string; number: number }> => {
  const by = personOf(tx.ctx)
  const where = await openPlace(tx, input.environment, input.id)
  const opening = { decisionId: where.id, environmentId: where.environment_id, by }
  const openedAt = input.openedAt === undefined ? {} : { openedAt: input.openedAt }
  await commandDecision(
    tx,
    where,
    null,
    { kind: 'break-glass', ...opening, why: input.why, ...openedAt },
    await refsOf(tx, where.environment_id, input),
  )
  return { id: where.id, number: where.number }
}

export const breakGlass = (ctx: Ctx, input: InputOf<typeof decisionRoutes.breakGlass>): Promise<string> =>
  record(ctx, async (tx) => (await breakGlassIn(tx, input)).id)
