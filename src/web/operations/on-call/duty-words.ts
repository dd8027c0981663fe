/** The words for who is on call. */
import { duty } from '../../messages/en/duty.ts'
import { translator } from '../../messages/translate.ts'

export const t = translator('on-call', duty)
