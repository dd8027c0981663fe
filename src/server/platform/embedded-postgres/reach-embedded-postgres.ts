/** The way into the built-in database for another process of the same machine, while the server runs on it. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { clusterFiles, connectionStringOf } from './cluster-files.ts'
import { isAlive, isPostgresOn, readPostmasterFile } from './previous-postmaster.ts'

/**
 * @param folder as for startEmbeddedPostgres
 * @returns how to connect to the database that runs there; `stopped` when it is not running; `none` when there is none.
 *   Throws a sentence when this user may not read it.
 */
export const reachEmbeddedPostgres = async (
  folder: string,
): Promise<'none' | 'stopped' | { readonly connectionString: string }> => {
  const files = clusterFiles(resolve(folder))
  const password = await readFile(files.passwordPath, 'utf8').catch((fault: NodeJS.ErrnoException) => {
    if (fault.code === 'ENOENT') return undefined
    throw new Error(
      `${files.passwordPath} may not be read by this user. Be the user whom the server runs as.`,
    )
  })
  if (password === undefined || !existsSync(files.cluster)) return 'none'
  const running = await readPostmasterFile(files.cluster)
  if (!running?.ready || !isAlive(running.pid) || !(await isPostgresOn(running.pid, files.cluster)))
    return 'stopped'
  return { connectionString: connectionStringOf(running.socketFolder, password.trim()) }
}
