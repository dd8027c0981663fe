/** The words of handing over. */
import { handOver } from '../../../messages/en/hand-over.ts'
import { translator } from '../../../messages/translate.ts'

export const t = translator('hand-over', handOver)
