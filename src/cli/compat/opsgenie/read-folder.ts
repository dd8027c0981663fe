/** Reads what `opsgenie-configuration-backup` wrote: a folder for each kind of thing, in it one JSON file for each thing. */
import { readdirSync, readFileSync, statSync, type Dirent } from 'node:fs'
import { join } from 'node:path'
import type { SourceFile } from '../../../domain/compat/opsgenie/fields.ts'
import { CommandFault } from '../../shell/io.ts'

/** What the backup writes; others are read, too, and refused field by field. */
export const FOLDERS: readonly string[] = [
  'customUserRoles',
  'escalations',
  'forwardings',
  'heartbeats',
  'integrations',
  'maintenance',
  'orders',
  'ordersV2',
  'policies',
  'policiesV2',
  'schedules',
  'teams',
  'users',
]

/** Far above any account; more is not a backup. */
const MOST_FILES = 50_000
const LARGEST_FILE_BYTES = 8 * 1024 * 1024
const LARGEST_BYTES = 256 * 1024 * 1024

const listed = (folder: string): Dirent[] => {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    throw new CommandFault(`${folder} cannot be read: ${(error as Error).message}`)
  }
}

/** The backup makes its folder within the one that it is given. */
const rootOf = (folder: string): string =>
  listed(folder).some((entry) => entry.isDirectory() && entry.name === 'OpsGenieBackups')
    ? join(folder, 'OpsGenieBackups')
    : folder

const readOne = (file: string, path: string): SourceFile => {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new CommandFault(`${path} cannot be read: ${(error as Error).message}`)
  }
  try {
    return { path, value: JSON.parse(text) as unknown }
  } catch {
    // What stands in it is not repeated: it may be a key.
    throw new CommandFault(
      `${path} is not JSON; it may be cut off. Make the backup anew. Nothing was imported.`,
    )
  }
}

/**
 * @returns every JSON file of every folder, in order; `ignored`: what else lies there, by path
 * @throws CommandFault when the folder is no backup, a file is no JSON, or it is larger than any account
 */
export const readFolder = (given: string): { files: SourceFile[]; ignored: string[] } => {
  const root = rootOf(given)
  const folders = listed(root).filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
  if (!folders.some(({ name }) => FOLDERS.includes(name)))
    throw new CommandFault(
      `${given} is no backup of OpsGenie: none of ${FOLDERS.join(', ')} is in it. Nothing was imported.`,
    )
  const ignored: string[] = []
  const paths = folders.flatMap((folder) =>
    listed(join(root, folder.name)).flatMap((entry) => {
      const path = `${folder.name}/${entry.name}`
      if (entry.isFile() && entry.name.endsWith('.json')) return [path]
      ignored.push(path)
      return []
    }),
  )
  if (paths.length > MOST_FILES)
    throw new CommandFault(`${given} holds ${paths.length} files; at most ${MOST_FILES} are read.`)
  let bytes = 0
  const files = paths.map((path) => {
    const file = join(root, path)
    const { size } = statSync(file)
    bytes += size
    if (size > LARGEST_FILE_BYTES || bytes > LARGEST_BYTES)
      throw new CommandFault(
        `${path} is too large: a file has at most 8 MB, and all of them together 256 MB. Nothing was imported.`,
      )
    return readOne(file, path)
  })
  return { files, ignored }
}
