/** Finds the database of an installation from its own machine: one's own server, the built-in one at work, or at rest. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Config } from '../platform/config.ts'
import { reachEmbeddedPostgres, startEmbeddedPostgres } from '../platform/embedded-postgres/index.ts'
import { keysFolderOf, refuseUnfinishedRestore } from './restored-folder.ts'

export type OpenedDatabase = { readonly url: string; readonly close: () => Promise<void> }

const leaveOpen = async (): Promise<void> => undefined

/** Nothing may be made here that an installation would have: a wrong folder gets neither keys nor a database. */
const refuseWrongPlace = (config: Config): void => {
  refuseUnfinishedRestore(config)
  const keys = keysFolderOf(config.FORTNIGHT_DATA, config.FORTNIGHT_KEYS)
  if (!existsSync(join(keys, 'root.key')))
    throw new Error(
      `There are no keys of an installation in ${keys}. Run this on the server’s machine, with the settings of the server (FORTNIGHT_DATA, FORTNIGHT_KEYS, DATABASE_URL, BASE_URL).`,
    )
}

/** @throws Error with a sentence for whoever stands before the machine */
export const openDatabaseOfHost = async (config: Config): Promise<OpenedDatabase> => {
  refuseWrongPlace(config)
  if (config.DATABASE_URL) return { url: config.DATABASE_URL, close: leaveOpen }
  const folder = join(resolve(config.FORTNIGHT_DATA), 'postgres')
  const found = await reachEmbeddedPostgres(folder)
  if (found === 'none')
    throw new Error(
      `There is no database in ${folder}. Say with FORTNIGHT_DATA where the data of the server lies, or with DATABASE_URL where its database is.`,
    )
  if (found !== 'stopped') return { url: found.connectionString, close: leaveOpen }
  const embedded = await startEmbeddedPostgres({ folder, log: () => undefined })
  return { url: embedded.connectionString, close: () => embedded.stop() }
}
