/** The frame's sentences. */
import { shell } from '../messages/en/shell.ts'
import { translator } from '../messages/translate.ts'

export const t = translator('shell', shell)
