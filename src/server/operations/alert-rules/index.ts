/** Alerting rules as other areas see them. */
import type { FastifyInstance } from 'fastify'
import { alertRuleRoutes } from '../../../contract/operations/alert-rules.ts'
import { bind } from '../../platform/http/bind.ts'
import { putRuleSet, removeRuleSet } from './import-rules.ts'
import { listRules, listRuleSets } from './read-rules.ts'
import { runbookCoverageFile, showRunbookCoverage } from './runbook-coverage.ts'

export { knownRuleOf } from './read-rules.ts'

export const bindAlertRules = (http: FastifyInstance): void =>
  bind(http, alertRuleRoutes, {
    listRuleSets,
    putRuleSet,
    listRules,
    removeRuleSet,
    showRunbookCoverage,
    runbookCoverageFile,
  })
