/** The settings' sentences. */
import { settings } from '../../messages/en/settings.ts'
import { translator } from '../../messages/translate.ts'

export const t = translator('settings', settings)
