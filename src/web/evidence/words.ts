/** The evidence views' sentences. */
import { evidence } from '../messages/en/evidence.ts'
import { translator } from '../messages/translate.ts'

export const t = translator('evidence', evidence)
