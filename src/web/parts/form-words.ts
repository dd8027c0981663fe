/** The forms' own sentences. */
import { forms } from '../messages/en/forms.ts'
import { translator } from '../messages/translate.ts'

export const t = translator('forms', forms)
