/** The sentences about alert policies. */
import { alertPolicies } from '../../../messages/en/alert-policies.ts'
import { translator } from '../../../messages/translate.ts'

export const t = translator('alert-policies', alertPolicies)
