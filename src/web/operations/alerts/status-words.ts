/** The words for how an alert stands. */
import { alertStatus } from '../../messages/en/alert-status.ts'
import { translator } from '../../messages/translate.ts'

export const t = translator('alerts', alertStatus)
