/** The incident views' sentences. */
import { incidents } from '../../messages/en/incidents.ts'
import { translator } from '../../messages/translate.ts'

export const t = translator('incidents', incidents)
