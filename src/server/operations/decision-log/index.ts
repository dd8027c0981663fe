/** The Decision Log as other areas see it. */
import type { FastifyInstance } from 'fastify'
import { decisionRoutes } from '../../../contract/operations/decision-log.ts'
import type { DecisionState } from '../../../domain/operations/decision-log/decision.ts'
import type { Terms } from '../../../domain/operations/decision-log/terms.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { bind } from '../../platform/http/bind.ts'
import { raw } from '../../platform/http/raw-reply.ts'
import { loadStream } from '../../platform/stream.ts'
import { changeDecision } from './change-decision.ts'
import { decisionLogAsMarkdown } from './export-markdown.ts'
import { findDecisionDetail, getDecision, listDecisions } from './read-decisions.ts'
import { breakGlass, recordDecision } from './record-decision.ts'
import { stateFrom } from './state.ts'
import { findDecision } from './store.ts'

export { findDecisionRefs } from './read-decisions.ts'
export { decisionProposed, glassBroken } from './events.ts'
export { breakGlassIn } from './record-decision.ts'
export {
  findDecisionByNumber,
  findIncidentNamed,
  isAlertOf,
  lockDecision,
  type DecisionListRow,
} from './store.ts'

/** The state that the gate coversChange() is asked about; undefined when there is no such decision. */
export const loadDecision = async (db: Db | Tx, decisionId: string): Promise<DecisionState | undefined> => {
  const row = await findDecision(db, decisionId)
  return row ? (stateFrom(row.id, row.environment_id, await loadStream(db, row.id)) ?? undefined) : undefined
}

const definedOnly = (input: { [K in keyof Terms]?: Terms[K] | undefined }): Partial<Terms> =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as Partial<Terms>

export const bindDecisionLog = (http: FastifyInstance): void => {
  bind(http, decisionRoutes, {
    listDecisions,
    getDecision,
    findDecision: findDecisionDetail,
    recordDecision: async (ctx, input) => getDecision(ctx, { decisionId: await recordDecision(ctx, input) }),
    decideDecision: async (ctx, { decisionId, cooperation }) => {
      await changeDecision(ctx, decisionId, (by) => ({ kind: 'decide', by, cooperation }))
      return getDecision(ctx, { decisionId })
    },
    amendDecision: async (ctx, { decisionId, reason, what, why, options, risk, rollback, validUntil }) => {
      const changes = definedOnly({ what, why, options, risk, rollback, validUntil })
      await changeDecision(ctx, decisionId, (by) => ({ kind: 'amend', by, changes, reason }))
      return getDecision(ctx, { decisionId })
    },
    supersedeDecision: async (ctx, { decisionId, supersededBy }) => {
      await changeDecision(ctx, decisionId, (by) => ({ kind: 'supersede', by, supersededBy }))
      return getDecision(ctx, { decisionId })
    },
    withdrawDecision: async (ctx, { decisionId, reason }) => {
      await changeDecision(ctx, decisionId, (by) => ({ kind: 'withdraw', by, reason }))
      return getDecision(ctx, { decisionId })
    },
    breakGlass: async (ctx, input) => getDecision(ctx, { decisionId: await breakGlass(ctx, input) }),
    writeUpDecision: async (
      ctx,
      { decisionId, result, cooperation, what, why, options, risk, rollback, validUntil },
    ) => {
      const terms = { what, why, options, risk, rollback, validUntil }
      await changeDecision(ctx, decisionId, (by) => ({ kind: 'write-up', by, terms, result, cooperation }))
      return getDecision(ctx, { decisionId })
    },
    reviewDecision: async (ctx, { decisionId, verdict, note }) => {
      await changeDecision(ctx, decisionId, (by) => ({ kind: 'review', by, verdict, note }))
      return getDecision(ctx, { decisionId })
    },
    exportDecisions: async (ctx, { environment }) => {
      const text = await decisionLogAsMarkdown(ctx, environment)
      return raw((reply) =>
        reply
          .type('text/markdown; charset=utf-8')
          .header('content-disposition', `attachment; filename="decision-log-${environment}.md"`)
          .send(text),
      )
    },
  })
}
