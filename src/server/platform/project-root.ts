/** Where the program's own files lie, whether it runs from its sources or from the bundle. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Three up from here among the sources, fewer from the bundle in dist/. */
const findRoot = (folder: string): string => {
  if (existsSync(join(folder, 'migrations'))) return folder
  if (folder === dirname(folder)) throw new Error('The folder of the program has no migrations/ in it.')
  return findRoot(dirname(folder))
}
export const projectRoot = findRoot(import.meta.dirname)
