/** The sentences about paging drills. */
import { drills } from '../../../messages/en/drills.ts'
import { translator } from '../../../messages/translate.ts'

export const t = translator('drills', drills)
