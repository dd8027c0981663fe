/** The words for how an incident stands. */
import { incidentStatus } from '../../messages/en/incident-status.ts'
import { translator } from '../../messages/translate.ts'

export const t = translator('incidents', incidentStatus)
