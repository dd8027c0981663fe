/** Sentences of the report on call. */
import { reports } from '../../messages/en/reports.ts'
import { translator } from '../../messages/translate.ts'

export const t = translator('reports', reports)
