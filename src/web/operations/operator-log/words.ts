/** The Operator Log's sentences. */
import { operatorLog } from '../../messages/en/operator-log.ts'
import { translator } from '../../messages/translate.ts'

export const t = translator('operator-log', operatorLog)
