/** The words of swaps. */
import { swaps } from '../../../messages/en/swaps.ts'
import { translator } from '../../../messages/translate.ts'

export const t = translator('on-call', swaps)
