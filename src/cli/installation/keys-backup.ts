/** `fortnight keys-backup`: the key files under a passphrase, in a place of their own. Runs on the server's machine. */
import { open, readdir, readFile, rm } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import { parseArgs } from 'node:util'
import { CommandFault, usageFault, type Command, type Io } from '../shell/io.ts'
import { readPassphrase } from './passphrase.ts'
import { diskFault, keysFolder, placeOf, refuseBesideData } from './places.ts'
import { sealKeys, type KeyFiles } from './sealed-keys.ts'

const USAGE = 'fortnight keys-backup -o FILE|FOLDER [--keys FOLDER] [--passphrase-file FILE]'

/** A draft that a process left behind when it was killed: its name ends in a process id. */
const isDraft = (name: string): boolean => /\.(key|json)\.\d+(\.[0-9a-f]+)?$/.test(name)
const LARGEST = 16 * 1024 * 1024

/** Every file of the folder, known to us or not: a key that a newer version made must not be left behind. */
export const readKeyFiles = async (folder: string): Promise<KeyFiles> => {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => {
    throw new CommandFault(
      `There is no key folder ${folder}. Run this on the server’s machine, with its FORTNIGHT_KEYS or --keys.`,
    )
  })
  const files: Record<string, Buffer> = {}
  for (const entry of entries) {
    if (!entry.isFile() || isDraft(entry.name)) continue
    const path = join(entry.parentPath, entry.name)
    const bytes = await readFile(path)
    if (bytes.length > LARGEST) throw new CommandFault(`${path} is too large for a key; move it elsewhere.`)
    files[path.slice(resolve(folder).length + 1).replaceAll(sep, '/')] = bytes
  }
  if (files['root.key'] === undefined)
    throw new CommandFault(`${folder} holds no root.key, so it is not the key folder of an installation.`)
  return files
}

const writeNew = async (file: string, text: string): Promise<void> => {
  let made = false
  try {
    const handle = await open(file, 'wx', 0o600)
    made = true
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (made) await rm(file, { force: true })
    throw diskFault(file, error)
  }
}

const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      output: { type: 'string', short: 'o' },
      keys: { type: 'string' },
      'passphrase-file': { type: 'string' },
    },
  })
  if (values.output === undefined)
    throw usageFault('Say with -o where the keys go: not where the data backups are.')
  const folder = resolve(values.keys ?? keysFolder(io.env))
  const madeAt = Date.now()
  const day = new Date(madeAt).toISOString().slice(0, 16).replace(/[-:]/g, '')
  const file = await placeOf(values.output, `fortnight-keys-${day}.json`)
  await refuseBesideData(file, io.env)
  const files = await readKeyFiles(folder)
  const passphrase = await readPassphrase(io, values['passphrase-file'], true)
  await writeNew(file, await sealKeys(files, passphrase, madeAt))
  io.out(`${file}: ${Object.keys(files).sort().join(', ')}`)
  io.out('Keep the passphrase apart from the file: without it nothing in there can be opened by anybody.')
  return 0
}

export const keysBackup: Command = {
  usage: USAGE,
  about: 'Back up the key files under a passphrase, apart from the data',
  run,
}
