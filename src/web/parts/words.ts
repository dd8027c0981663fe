/** The design system's own sentences. */
import { parts } from '../messages/en/parts.ts'
import { translator } from '../messages/translate.ts'

export const t = translator('parts', parts)
