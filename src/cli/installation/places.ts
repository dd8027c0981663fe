/** Where backups are put: data and keys never into one folder, because together they open everything. */
import { createReadStream } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { createGunzip } from 'node:zlib'
import { FORMAT, HEAD_ENTRY } from '../../domain/installation/backup/format.ts'
import { CommandFault, type Io } from '../shell/io.ts'

export const KEYS_FORMAT = 'fortnight-keys'

/** As the server reads them (docs/config.md). */
export const dataFolder = (env: Io['env']): string => resolve(env['FORTNIGHT_DATA'] || '.fortnight')
export const keysFolder = (env: Io['env']): string =>
  resolve(env['FORTNIGHT_KEYS'] || join(dataFolder(env), 'keys'))

export const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isDirectory() === true

const isGzip = async (file: string): Promise<boolean> => {
  const handle = await open(file)
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await handle.close()
  }
}

/** Looks at the first entry only. */
const isDataBackup = async (file: string): Promise<boolean> => {
  if (!(await isGzip(file))) return false
  const unzipped = createGunzip()
  const source = createReadStream(file)
  // A file that is cut short or damaged may end in an error; its beginning has been seen by then.
  source.on('error', () => undefined)
  unzipped.on('error', () => undefined)
  try {
    for await (const chunk of source.pipe(unzipped) as AsyncIterable<Buffer>) {
      const text = chunk.subarray(0, 2048).toString('latin1')
      return text.startsWith(`${HEAD_ENTRY}\0`) && text.includes(FORMAT)
    }
  } catch {
    return false
  } finally {
    source.destroy()
  }
  return false
}

const isKeyBackup = async (file: string): Promise<boolean> => {
  const handle = await open(file)
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(200), 0, 200, 0)
    return buffer.subarray(0, bytesRead).toString('latin1').includes(`"${KEYS_FORMAT}"`)
  } finally {
    await handle.close()
  }
}

const filesOf = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isFile()).map((entry) => join(folder, entry.name))
}

const findFile = async (
  folder: string,
  is: (file: string) => Promise<boolean>,
): Promise<string | undefined> => {
  for (const file of await filesOf(folder)) if (await is(file).catch(() => false)) return file
  return undefined
}

const APART =
  'Whoever finds both can read everything, so keep data and keys apart: another disk, another safe.'

/** @throws CommandFault when a backup of keys would come to lie beside a backup of data */
export const refuseBesideData = async (file: string, env: Io['env']): Promise<void> => {
  const folder = dirname(resolve(file))
  const data = dataFolder(env)
  if (`${folder}${sep}`.startsWith(`${data}${sep}`))
    throw new CommandFault(`${folder} lies in the data folder ${data}. ${APART}`)
  const found = await findFile(folder, isDataBackup)
  if (found !== undefined) throw new CommandFault(`${found} is a backup of the data. ${APART}`)
}

/** @throws CommandFault when a backup of data would come to lie beside a backup of keys */
export const refuseBesideKeys = async (file: string): Promise<void> => {
  const found = await findFile(dirname(resolve(file)), isKeyBackup)
  if (found !== undefined) throw new CommandFault(`${found} is a backup of the keys. ${APART}`)
}

/** The file itself, or a file with this name in the folder that was named. */
export const placeOf = async (given: string | undefined, name: string): Promise<string> => {
  if (given === undefined) return resolve(name)
  return (await isFolder(given)) ? resolve(given, name) : resolve(given)
}

export const diskFault = (path: string, error: unknown): Error => {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new CommandFault(`The disk of ${path} is full. Nothing was kept; free some space and try again.`)
    case 'EEXIST':
      return new CommandFault(`${path} exists already. Nothing is overwritten; name another file.`)
    case 'EACCES':
    case 'EROFS':
      return new CommandFault(`${path} may not be written by this user.`)
    case 'ENOENT':
      return new CommandFault(`There is no folder ${dirname(path)}.`)
    default:
      return error as Error
  }
}
