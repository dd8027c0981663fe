/** The alert views' sentences. */
import { alerts } from '../../messages/en/alerts.ts'
import { translator } from '../../messages/translate.ts'

export const t = translator('alerts', alerts)
