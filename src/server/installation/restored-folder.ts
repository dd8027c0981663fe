/**
 * What a data folder says of a restore: that one was never finished, or to which keys its rows and files belong. The
 * server asks before it starts; nobody else writes here but a restore.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Config } from '../platform/config.ts'
import { compareKeys } from './archive/key-check.ts'

/** Stands in the folder from the first moment of a restore to the last. */
export const INCOMPLETE_MARK = 'RESTORE-INCOMPLETE'
export const RESTORED_NOTE = 'restored.json'

export type RestoredNote = {
  readonly backupId: string
  readonly takenAt: number
  readonly restoredAt: number
  readonly keyCheck: string
}

export const keysFolderOf = (data: string, keys: string | undefined): string =>
  resolve(keys ?? join(data, 'keys'))

const NEW_KEYS = `Only if they are lost for good: remove ${RESTORED_NOTE} from the data folder. New keys are then made; recordings and attached files of before stay closed for ever.`

/**
 * @throws Error with a sentence for the operator when this folder must not be started on. A server that met restored
 * data without its keys would make new ones, and nothing encrypted before could be opened again.
 */
export const refuseUnfinishedRestore = (config: Pick<Config, 'FORTNIGHT_DATA' | 'FORTNIGHT_KEYS'>): void => {
  const data = resolve(config.FORTNIGHT_DATA)
  if (existsSync(join(data, INCOMPLETE_MARK)))
    throw new Error(
      `${data} holds a restore that was never finished; it is not a whole installation. Run \`fortnight restore\` on it again, or remove the folder.`,
    )
  const note = join(data, RESTORED_NOTE)
  if (!existsSync(note)) return
  const { keyCheck } = JSON.parse(readFileSync(note, 'utf8')) as RestoredNote
  const keys = keysFolderOf(data, config.FORTNIGHT_KEYS)
  switch (compareKeys(keys, keyCheck)) {
    case 'same':
      return
    case 'missing':
      throw new Error(
        `The data in ${data} was restored from a backup, and its keys are not in ${keys}. Bring them with \`fortnight keys-restore\`, or say where they are with FORTNIGHT_KEYS. ${NEW_KEYS}`,
      )
    case 'other':
      throw new Error(
        `The keys in ${keys} are not those of the data in ${data}, which was restored from a backup. Bring the right ones with \`fortnight keys-restore\`, or say where they are with FORTNIGHT_KEYS. ${NEW_KEYS}`,
      )
  }
}
