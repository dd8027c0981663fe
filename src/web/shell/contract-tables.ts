/** The route tables that the application may call. */
import type { auditPackRoutes } from '../../contract/evidence/audit-packs.ts'
import type { ledgerRoutes } from '../../contract/evidence/ledger.ts'
import type { installationAreaRoutes } from '../../contract/installation/installation.ts'
import type { accountRoutes } from '../../contract/people/accounts.ts'
import type { configurationRoutes } from '../../contract/people/configuration.ts'
import type { contactMethodRoutes } from '../../contract/people/contact-methods.ts'
import type { customerRoutes } from '../../contract/people/customers.ts'
import type { teamRoutes } from '../../contract/people/teams.ts'
import type { environmentRoutes, keyRoutes } from '../../contract/people/environments.ts'
import type { installationRoutes } from '../../contract/people/installation.ts'
import type { meRoutes, signInRoutes } from '../../contract/people/sign-in.ts'
import type { tokenRoutes } from '../../contract/people/tokens.ts'
import type { reportRoutes } from '../../contract/operations/reports.ts'
import type { alertRuleRoutes } from '../../contract/operations/alert-rules.ts'
import type { alertPolicyRoutes } from '../../contract/operations/alert-policies.ts'
import type { alertRoutes } from '../../contract/operations/alerts.ts'
import type { decisionRoutes } from '../../contract/operations/decision-log.ts'
import type { drillRoutes } from '../../contract/operations/drills.ts'
import type { heartbeatRoutes } from '../../contract/operations/heartbeats.ts'
import type { phoneLineRoutes } from '../../contract/operations/phone-lines.ts'
import type { incidentRoutes } from '../../contract/operations/incidents.ts'
import type { maintenanceRoutes } from '../../contract/operations/maintenance.ts'
import type { notificationRuleRoutes } from '../../contract/operations/notification-rules.ts'
import type { awayRoutes } from '../../contract/operations/away.ts'
import type { calendarFeedRoutes } from '../../contract/operations/calendar-feeds.ts'
import type { handOverRoutes } from '../../contract/operations/hand-over.ts'
import type { dutyHoursRoutes } from '../../contract/operations/duty-hours.ts'
import type { swapRoutes } from '../../contract/operations/swaps.ts'
import type { onCallRoutes } from '../../contract/operations/on-call.ts'
import type { operatorLogRoutes } from '../../contract/operations/operator-log.ts'
import type { routingRoutes } from '../../contract/operations/routing.ts'
import type { responseTimeRoutes } from '../../contract/operations/response-times.ts'
import type { readinessRoutes } from '../../contract/operations/readiness.ts'
import type { pageRoutes } from '../../contract/operations/pages.ts'

export type ContractTable =
  | typeof accountRoutes
  | typeof auditPackRoutes
  | typeof ledgerRoutes
  | typeof installationAreaRoutes
  | typeof configurationRoutes
  | typeof contactMethodRoutes
  | typeof customerRoutes
  | typeof teamRoutes
  | typeof environmentRoutes
  | typeof keyRoutes
  | typeof installationRoutes
  | typeof meRoutes
  | typeof signInRoutes
  | typeof tokenRoutes
  | typeof alertRuleRoutes
  | typeof reportRoutes
  | typeof alertPolicyRoutes
  | typeof alertRoutes
  | typeof decisionRoutes
  | typeof incidentRoutes
  | typeof maintenanceRoutes
  | typeof notificationRuleRoutes
  | typeof awayRoutes
  | typeof calendarFeedRoutes
  | typeof handOverRoutes
  | typeof dutyHoursRoutes
  | typeof swapRoutes
  | typeof onCallRoutes
  | typeof operatorLogRoutes
  | typeof routingRoutes
  | typeof readinessRoutes
  | typeof responseTimeRoutes
  | typeof drillRoutes
  | typeof heartbeatRoutes
  | typeof phoneLineRoutes
  | typeof pageRoutes
