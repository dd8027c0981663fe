/** Rings a drill: writes down that it was asked for; a chain sends its alert in as a machine would. */
import type { drillRoutes } from '../../../../contract/operations/drills.ts'
import type { InputOf } from '../../../../contract/route.ts'
import { drillFingerprint } from '../../../../domain/operations/alerts/drill-mark.ts'
import { decideDrill, noDrill } from '../../../../domain/operations/paging/drill.ts'
import { isRole, may } from '../../../../domain/people/permissions.ts'
import { isRefusal } from '../../../../domain/refusal.ts'
import { environmentNamed } from '../../../people/environments/find-environment.ts'
import type { Ctx } from '../../../platform/context.ts'
import { Fault, notFound, refused } from '../../../platform/faults.ts'
import { read, record, type WriteTx } from '../../../platform/record.ts'
import { staffNow } from '../recipient-store.ts'
import { findDrill, insertDrill, type DrillRow } from './drill-store.ts'
import { drillDeadline } from './end-drill.ts'
import { drillAsked } from './events.ts'
import { presentDrill } from './present-drill.ts'

/** The last digits of the drill's id are random. */
const fingerprintOf = (id: string): string => drillFingerprint(id.slice(-8))

type Asked = {
  readonly customerId: string
  readonly environmentId: string
  readonly person: string | null
  readonly planId: string | null
}

/** In a transaction of the caller's: a plan asks for several at once. */
export const askForDrill = async (tx: WriteTx, asked: Asked): Promise<string> => {
  const decided = decideDrill(noDrill, { kind: 'ask', whom: asked.person }, tx.now)
  if (isRefusal(decided)) throw refused(decided)
  const [event] = decided
  if (event?.kind !== 'asked') throw new Error('a new drill was not asked for')
  const { actor } = tx.ctx
  const id = tx.id()
  const { customerId, environmentId, person, planId } = asked
  const row: DrillRow = {
    id,
    customer_id: customerId,
    environment_id: environmentId,
    account_id: person,
    plan_id: planId,
    fingerprint: fingerprintOf(id),
    status: 'asked',
    why: null,
    asked_at: tx.now,
    asked_by: actor.kind === 'person' ? actor.accountId : null,
    due_at: event.dueAt,
    alert_id: null,
    page_id: null,
    overruled_rule: null,
    rang_at: null,
    ended_at: null,
    taken_by: null,
  }
  await insertDrill(tx.db, row)
  tx.append(drillAsked, {
    stream: id,
    customerId,
    environmentId,
    refs: person === null ? [] : [['account', person]],
    body: { person, scheduled: planId !== null, dueAt: event.dueAt },
  })
  tx.later(drillDeadline, { key: id, dueAt: event.dueAt, payload: { drillId: id } })
  return id
}

/** Everybody who may take pages. */
export const whoTakesPages = async (db: Parameters<typeof staffNow>[0]) =>
  (await staffNow(db)).filter(({ roles }) =>
    may({ kind: 'person', roles: roles.filter(isRole) }, 'pages.acknowledge'),
  )

export const requirePaged = async (tx: WriteTx, accountId: string): Promise<void> => {
  const paged = await whoTakesPages(tx.db)
  if (!paged.some(({ id }) => id === accountId))
    throw new Fault('conflict', 'This person takes no pages. Nobody was rung.')
}

export const startDrill = async (ctx: Ctx, input: InputOf<typeof drillRoutes.startDrill>) => {
  const id = await record(ctx, async (tx) => {
    const { id: environmentId, customer_id: customerId } = await environmentNamed(tx.db, input.environment)
    if (input.person !== undefined) await requirePaged(tx, input.person)
    return askForDrill(tx, { customerId, environmentId, person: input.person ?? null, planId: null })
  })
  const row = await read(ctx, (db) => findDrill(db, id))
  if (!row) throw notFound('This drill')
  return presentDrill(row)
}
