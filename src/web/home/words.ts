/** The home view's sentences. */
import { home } from '../messages/en/home.ts'
import { translator } from '../messages/translate.ts'

export const t = translator('home', home)
