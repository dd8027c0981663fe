/** Every area of the product in one list: what is not here is not reachable. */
import type { FastifyInstance } from 'fastify'
import { bindAlertmanagerApi } from './compat/alertmanager/index.ts'
import { bindOpsGenie } from './compat/opsgenie/index.ts'
import { bindPagerDuty } from './compat/pagerduty/index.ts'
import { heldNeighbours } from './held-neighbours.ts'
import { bindInstallationCare } from './installation/index.ts'
import { bindEvidence } from './evidence/index.ts'
import { bindAlertRules } from './operations/alert-rules/index.ts'
import { bindAlerts } from './operations/alerts/index.ts'
import { bindDecisionLog } from './operations/decision-log/index.ts'
import { bindOnCall } from './operations/on-call/index.ts'
import { bindHeartbeats } from './operations/heartbeats/index.ts'
import { bindPhoneLines } from './operations/phone-lines/index.ts'
import { bindIncidents, incidentsOfAlert } from './operations/incidents/index.ts'
import { bindMaintenance } from './operations/maintenance/index.ts'
import { bindOperatorLog } from './operations/operator-log/index.ts'
import { bindReports } from './operations/reports/index.ts'
import { bindPaging } from './operations/paging/index.ts'
import { onCallNeighbours } from './on-call-neighbours.ts'
import { bindPeople } from './people/index.ts'
import type { Platform } from './platform/context.ts'
import { bindWatch } from './watch/index.ts'

export const bindAreas = async (http: FastifyInstance, platform: Platform): Promise<void> => {
  bindPeople(http, platform)
  bindOnCall(http, platform, onCallNeighbours)
  await bindAlerts(http, platform, { incidentsOf: incidentsOfAlert })
  bindAlertRules(http)
  bindHeartbeats(http)
  await bindOpsGenie(http, platform)
  await bindPagerDuty(http, platform)
  await bindAlertmanagerApi(http, platform)
  bindPaging(http, platform)
  bindPhoneLines(http, platform)
  bindDecisionLog(http)
  bindMaintenance(http)
  bindOperatorLog(http)
  bindIncidents(http)
  bindReports(http)
  bindInstallationCare(http, heldNeighbours)
  bindEvidence(http)
  bindWatch(http, platform)
}
