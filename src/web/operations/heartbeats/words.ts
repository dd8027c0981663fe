/** Sentences about heartbeats. */
import { heartbeats } from '../../messages/en/heartbeats.ts'
import { translator } from '../../messages/translate.ts'

export const t = translator('heartbeats', heartbeats)
