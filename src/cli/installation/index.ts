/** The commands around the installation as a whole, by the name under which they are called. */
import type { Commands } from '../shell/run.ts'
import { administratorLink } from './administrator-link.ts'
import { backup } from './backup.ts'
import { held } from './held.ts'
import { keysBackup } from './keys-backup.ts'
import { keysRestore } from './keys-restore.ts'
import { keysRotate } from './keys-rotate.ts'
import { release } from './release.ts'
import { restore } from './restore.ts'

export const installationCommands: Commands = {
  backup,
  restore,
  'keys-backup': keysBackup,
  'keys-restore': keysRestore,
  'keys-rotate': keysRotate,
  held,
  release,
  'administrator-link': administratorLink,
}
