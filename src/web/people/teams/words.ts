/** The sentences of teams. */
import { teams } from '../../messages/en/teams.ts'
import { translator } from '../../messages/translate.ts'

export const t = translator('teams', teams)
