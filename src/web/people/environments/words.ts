/** Sentences about customers and environments. */
import { environments } from '../../messages/en/environments.ts'
import { translator } from '../../messages/translate.ts'

export const t = translator('environments', environments)
