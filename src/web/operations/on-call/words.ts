/** The on-call views' sentences. */
import { onCall } from '../../messages/en/on-call.ts'
import { translator } from '../../messages/translate.ts'

export const t = translator('on-call', onCall)
