/** The sentences about how one wants to be told. */
import { notificationRules } from '../../../messages/en/notification-rules.ts'
import { translator } from '../../../messages/translate.ts'

export const t = translator('notification-rules', notificationRules)
