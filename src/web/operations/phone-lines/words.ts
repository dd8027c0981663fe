/** Sentences about the lines that people call. */
import { phoneLines } from '../../messages/en/phone-lines.ts'
import { translator } from '../../messages/translate.ts'

export const t = translator('phone-lines', phoneLines)
