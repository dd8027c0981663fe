/** The words of swaps. */
import { swaps } from '../../../messages/en/swaps.ts'
import { translator } from '../../../messages/translate.ts'

export const t = translator('swaps', swaps)
