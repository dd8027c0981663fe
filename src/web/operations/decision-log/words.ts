/** The Decision Log's sentences. */
import { decisionLog } from '../../messages/en/decision-log.ts'
import { translator } from '../../messages/translate.ts'

export const t = translator('decision-log', decisionLog)
