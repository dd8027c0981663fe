/** The sentences about maintenance windows. */
import { maintenance } from '../../messages/en/maintenance.ts'
import { translator } from '../../messages/translate.ts'

export const t = translator('maintenance', maintenance)
