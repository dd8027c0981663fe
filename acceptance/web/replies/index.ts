/** Every prepared reply. */
import { decisionReplies } from './decisions.ts'
import { evidenceReplies } from './evidence.ts'
import { incidentReplies } from './incidents.ts'
import { operationsReplies } from './operations.ts'
import { operatorLogReplies } from './operator-log.ts'
import { peopleReplies } from './people.ts'
import { routingReplies } from './routing.ts'
import type { Answer } from './reply.ts'

export const allReplies: readonly Answer[] = [
  ...peopleReplies,
  ...operationsReplies,
  ...incidentReplies,
  ...evidenceReplies,
  ...decisionReplies,
  ...operatorLogReplies,
  ...routingReplies,
]
