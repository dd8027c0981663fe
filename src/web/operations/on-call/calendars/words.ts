/** The words of calendar links. */
import { calendars } from '../../../messages/en/calendars.ts'
import { translator } from '../../../messages/translate.ts'

export const t = translator('calendars', calendars)
