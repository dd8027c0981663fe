/** The sentences about whom P1 would wake. */
import { readiness } from '../../../messages/en/readiness.ts'
import { translator } from '../../../messages/translate.ts'

export const t = translator('readiness', readiness)
