/** Writes what was read of an account into a folder of its own: the last state of it, wholly or not at all. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { SourceFile } from '../../../../domain/compat/opsgenie/fields.ts'
import { CommandFault } from '../../../shell/io.ts'

/** Asked before the account is read, which takes minutes. @throws CommandFault when something is there already */
export const checkFree = (folder: string): void => {
  let inside: string[] = []
  try {
    inside = existsSync(folder) ? readdirSync(folder) : []
  } catch (error) {
    throw new CommandFault(`${folder} cannot be a folder of its own: ${(error as Error).message}`)
  }
  if (inside.length > 0)
    throw new CommandFault(
      `${folder} is not empty. An account is read into a folder of its own: name a new one.`,
    )
}

/** Only its owner may look: integrations have keys, people have telephone numbers. */
export const keepAccount = (folder: string, files: readonly SourceFile[]): void => {
  const beside = `${folder.replace(/\/+$/, '')}.part-${process.pid}`
  try {
    mkdirSync(beside, { recursive: true, mode: 0o700 })
    for (const { path, value } of files) {
      const file = join(beside, path)
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
      // Two things of one name would be one file.
      writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
    }
    if (existsSync(folder)) rmdirSync(folder)
    renameSync(beside, folder)
  } catch (error) {
    rmSync(beside, { recursive: true, force: true })
    throw new CommandFault(`${folder} cannot be written: ${(error as Error).message}`)
  }
}
