/** The sentences about routing rules and service hours. */
import { routing } from '../../../messages/en/routing.ts'
import { translator } from '../../../messages/translate.ts'

export const t = translator('routing', routing)
