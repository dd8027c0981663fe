/** Every prepared reply. */
import { alertRuleReplies } from './alert-rules.ts'
import { alertReplies } from './alerts.ts'
import { alertPolicyReplies } from './alert-policies.ts'
import { decisionReplies } from './decisions.ts'
import { drillReplies } from './drills.ts'
import { evidenceReplies } from './evidence.ts'
import { incidentReplies } from './incidents.ts'
import { operationsReplies } from './operations.ts'
import { maintenanceReplies } from './maintenance.ts'
import { operatorLogReplies } from './operator-log.ts'
import { peopleReplies } from './people.ts'
import { phoneLineReplies } from './phone-lines.ts'
import { reportReplies } from './reports.ts'
import { routingReplies } from './routing.ts'
import { rotaReplies } from './rota.ts'
import type { Answer } from './reply.ts'

export const allReplies: readonly Answer[] = [
  ...peopleReplies,
  ...operationsReplies,
  ...alertRuleReplies,
  ...reportReplies,
  ...alertReplies,
  ...incidentReplies,
  ...evidenceReplies,
  ...alertPolicyReplies,
  ...decisionReplies,
  ...drillReplies,
  ...maintenanceReplies,
  ...operatorLogReplies,
  ...phoneLineReplies,
  ...rotaReplies,
  ...routingReplies,
]
