/** Sentences about alerting rules. */
import { alertRules } from '../../messages/en/alert-rules.ts'
import { translator } from '../../messages/translate.ts'

export const t = translator('alert-rules', alertRules)
