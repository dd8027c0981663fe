/** The words for how a decision stands. */
import { decisionStatus } from '../../messages/en/decision-status.ts'
import { translator } from '../../messages/translate.ts'

export const t = translator('decision-log', decisionStatus)
