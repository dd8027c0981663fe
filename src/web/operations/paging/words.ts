/** The page views' sentences. */
import { paging } from '../../messages/en/paging.ts'
import { translator } from '../../messages/translate.ts'

export const t = translator('paging', paging)
