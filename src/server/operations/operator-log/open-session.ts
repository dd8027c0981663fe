/** Opens a recorded shell: to look at any time, to change only under a decision that covers it now, or by breaking the glass. */
import type { operatorLogRoutes } from '../../../contract/operations/operator-log.ts'
import type { InputOf } from '../../../contract/route.ts'
import { coversChange } from '../../../domain/operations/decision-log/covers-change.ts'
import { decide } from '../../../domain/operations/operator-log/decide-session.ts'
import type { Authority, OpenPurpose } from '../../../domain/operations/operator-log/session.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import { newBlobKey } from '../../platform/blobs.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Ref } from '../../platform/events.ts'
import { Fault, notFound, refused } from '../../platform/faults.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import { findDecisionByNumber, findIncidentNamed, isAlertOf, loadDecision } from '../decision-log/index.ts'
import { sessionOpened } from './events.ts'
import { addRecording, findByLocalId, findEnvironment, type RecordingRow } from './store.ts'
import { watchSession } from './tasks.ts'

type Input = InputOf<typeof operatorLogRoutes.openRecording>
type Environment = { readonly id: string; readonly slug: string; readonly customer_id: string }

export const operatorOf = (ctx: Ctx): string => {
  if (ctx.actor.kind === 'person') return ctx.actor.accountId
  throw new Fault('not-allowed', 'Only a member of the team records a shell.')
}

/** `D-12` in this environment, or an id. */
export const findDecisionNamed = async (tx: WriteTx, environment: Environment, name: string) => {
  const byNumber = /^[Dd]-(\d+)$/.exec(name)
  const id = byNumber ? (await findDecisionByNumber(tx.db, environment.slug, Number(byNumber[1])))?.id : name
  const decision = id ? await loadDecision(tx.db, id) : undefined
  if (!decision) throw notFound(`The decision ${name} of ${environment.slug}`)
  return decision
}

/** The glass's decision is opened by a chain when it sees the session; its id is chosen here so that both know it. */
const purposeOf = async (
  tx: WriteTx,
  input: Input,
  environment: Environment,
): Promise<{ purpose: OpenPurpose; glassDecisionId?: string }> => {
  switch (input.kind) {
    case 'look':
      return { purpose: { kind: 'look' } }
    case 'decided': {
      if (!input.decision) throw new Fault('invalid-input', 'Name the decision: --decision D-12.')
      const decision = await findDecisionNamed(tx, environment, input.decision)
      // Recorded out of our sight: what counts is whether it was covered when it began.
      const began = input.offline ? Math.min(input.startedAt, tx.now) : tx.now
      const cover = coversChange(decision, environment.id, began)
      if (isRefusal(cover)) throw refused({ refused: true, code: 'decision-required', detail: cover.detail })
      return { purpose: { kind: 'change', decisionId: decision.id, cover } }
    }
    case 'break-glass': {
      if (!input.why?.trim())
        throw new Fault('invalid-input', 'Say why the change cannot wait: --break-glass "why".')
      const glassDecisionId = tx.id()
      return {
        purpose: {
          kind: 'change',
          decisionId: glassDecisionId,
          cover: { covered: true, flagged: true },
        },
        glassDecisionId,
      }
    }
  }
}

const refsOf = (id: string, input: Input, decisionId: string | null): Ref[] => [
  ['session', id],
  ...(decisionId ? ([['decision', decisionId]] as const) : []),
  ...(input.alertId ? ([['alert', input.alertId]] as const) : []),
  ...(input.incidentId ? ([['incident', input.incidentId]] as const) : []),
]

/** What is opened with us began now, give or take a slow connection: only who was out of reach may have begun long ago. */
const LONGEST_OPENING_MS = 10 * 60_000

/** The operator's clock may run ahead; a session never began after we heard of it. */
const startOf = ({ startedAt, offline }: Input, now: number): number =>
  Math.min(offline ? startedAt : Math.max(startedAt, now - LONGEST_OPENING_MS), now)

const rowOf = (
  tx: WriteTx,
  input: Input,
  more: Pick<
    RecordingRow,
    'id' | 'customer_id' | 'environment_id' | 'operator_id' | 'key_id' | 'decision_id' | 'kind'
  >,
): RecordingRow => ({
  ...more,
  local_id: input.localId,
  status: 'open',
  alert_id: input.alertId ?? null,
  incident_id: input.incidentId ?? null,
  host: input.host,
  shell: input.shell,
  ruleset: input.ruleset,
  cols: input.cols,
  rows: input.rows,
  started_at: startOf(input, tx.now),
  opened_at: tx.now,
  opened_offline: input.offline !== undefined,
  closed_at: null,
  close_hash: null,
  changed_without_decision: false,
  log_entry_id: null,
})

type Opened = { readonly row: RecordingRow; readonly authority: Authority; readonly glass: boolean }

const appendOpened = (tx: WriteTx, input: Input, environment: Environment, opened: Opened): void => {
  const { row, authority, glass } = opened
  tx.append(sessionOpened, {
    stream: row.id,
    customerId: environment.customer_id,
    environmentId: environment.id,
    refs: refsOf(row.id, input, row.decision_id),
    body: {
      operator: row.operator_id,
      authority,
      host: input.host,
      shell: input.shell,
      ruleset: input.ruleset,
      startedAt: row.started_at,
      offline: row.opened_offline,
      offlineReason: input.offline?.reason ?? null,
      glassWhy: glass ? (input.why ?? '') : null,
      environment: environment.slug,
      incidentId: input.incidentId ?? null,
    },
  })
}

/** What the operator points at must lie in this environment: its id goes into a log that the customer takes away. */
const inItsEnvironment = async (tx: WriteTx, given: Input, environment: Environment): Promise<Input> => {
  if (given.alertId && !(await isAlertOf(tx.db, environment.id, given.alertId)))
    throw notFound(`The alert in ${environment.slug}`)
  if (!given.incidentId) return given
  const incidentId = await findIncidentNamed(tx.db, environment.id, given.incidentId)
  if (!incidentId) throw notFound(`The incident ${given.incidentId} of ${environment.slug}`)
  return { ...given, incidentId }
}

const open = async (tx: WriteTx, given: Input, operator: string): Promise<string> => {
  const environment = await findEnvironment(tx.db, given.environment)
  if (!environment) throw notFound(`The environment ${given.environment}`)
  const input = await inItsEnvironment(tx, given, environment)
  const { purpose, glassDecisionId } = await purposeOf(tx, input, environment)
  const id = tx.id()
  const offlineSince = input.offline ? { offlineSinceAt: input.startedAt } : {}
  const event = decide(
    null,
    {
      kind: 'open',
      sessionId: id,
      environmentId: environment.id,
      operatorId: operator,
      purpose,
      ...offlineSince,
    },
    tx.now,
  )
  if (isRefusal(event)) throw refused(event)
  if (event.kind !== 'session-opened') throw new Error('a session opens with session-opened')
  const { authority } = event
  const decisionId = authority.kind === 'look' ? null : authority.decisionId
  const keyId = tx.id()
  await newBlobKey(tx.ctx.platform, tx.db, keyId, tx.now)
  const row = rowOf(tx, input, {
    id,
    customer_id: environment.customer_id,
    environment_id: environment.id,
    operator_id: operator,
    key_id: keyId,
    decision_id: decisionId,
    kind: authority.kind,
  })
  await addRecording(tx.db, row)
  appendOpened(tx, input, environment, { row, authority, glass: glassDecisionId !== undefined })
  watchSession(tx, id)
  return id
}

/** Idempotent on the recorder's own id: a lost answer does not open a second session. */
export const openSession = async (ctx: Ctx, input: Input): Promise<{ sessionId: string; url: string }> => {
  const operator = operatorOf(ctx)
  const reply = (sessionId: string) => ({
    sessionId,
    url: `${ctx.platform.config.baseUrl}/operator-log/recordings/${sessionId}`,
  })
  let known: string | undefined
  const opened = await record<string | typeof NOTHING_CHANGED>(ctx, async (tx) => {
    known = (await findByLocalId(tx.db, operator, input.localId))?.id
    return known ? NOTHING_CHANGED : open(tx, input, operator)
  })
  return reply(opened === NOTHING_CHANGED ? (known as string) : opened)
}
