/** Sentences about changing rotas and policies. */
import { onCallEditing } from '../../../messages/en/on-call-editing.ts'
import { translator } from '../../../messages/translate.ts'

export const t = translator('on-call-editing', onCallEditing)
