/** `fortnight keys-restore`: puts the key files back where the server looks for them; overwrites none. */
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { CommandFault, usageFault, type Command, type Io } from '../shell/io.ts'
import { readPassphrase } from './passphrase.ts'
import { diskFault, keysFolder } from './places.ts'
import { openKeys, type KeyFiles } from './sealed-keys.ts'

const USAGE = 'fortnight keys-restore FILE [--keys FOLDER] [--passphrase-file FILE]'

/** Heads that the ledger has signed: the folder may know newer ones than the backup, and these must not be forgotten. */
const isKnowledge = (name: string): boolean => /^ledger-heads\b.*\.json$/.test(name)

const safeName = (name: string): boolean =>
  /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/.test(name) && !name.split('/').some((part) => /^\.+$/.test(part))

type Heads = {
  readonly v: number
  readonly installation: string
  readonly logs: Record<string, { size: number }>
}

const headsIn = (bytes: Buffer): Heads | undefined => {
  try {
    const heads = JSON.parse(bytes.toString('utf8')) as Heads
    return heads.v === 1 && typeof heads.logs === 'object' && heads.logs !== null ? heads : undefined
  } catch {
    return undefined
  }
}

/** Of each log the newer head of the two; undefined when the folder knows all there is to know. */
const newerHeads = (found: Buffer, kept: Buffer): Buffer | undefined => {
  const [ours, theirs] = [headsIn(found), headsIn(kept)]
  if (!ours || !theirs || ours.installation !== theirs.installation) return undefined
  const newer = Object.entries(theirs.logs).filter(([log, { size }]) => size > (ours.logs[log]?.size ?? -1))
  if (newer.length === 0) return undefined
  const logs = { ...ours.logs, ...Object.fromEntries(newer) }
  return Buffer.from(`${JSON.stringify({ ...ours, logs }, null, 1)}\n`)
}

const there = (file: string): Promise<Buffer | undefined> =>
  readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })

/** What is missing in the folder. @throws CommandFault when a key there is another one; nothing is written then */
const findMissing = async (folder: string, files: KeyFiles): Promise<[string, Buffer][]> => {
  const missing: [string, Buffer][] = []
  for (const [name, bytes] of Object.entries(files)) {
    if (!safeName(name))
      throw new CommandFault(`The backup names a file ${JSON.stringify(name)}; it was not made by Fortnight.`)
    const found = await there(join(folder, name))
    if (found === undefined) missing.push([name, bytes])
    else if (isKnowledge(name)) {
      const newer = newerHeads(found, bytes)
      if (newer) missing.push([name, newer])
    } else if (!found.equals(bytes))
      throw new CommandFault(
        `${join(folder, name)} exists and is another key. If it was made by a start without the right keys, move the folder away and try again.`,
      )
  }
  return missing
}

const writeKey = async (file: string, bytes: Buffer): Promise<void> => {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${process.pid}`
  try {
    const handle = await open(draft, 'w', 0o600)
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    throw diskFault(file, error)
  }
}

const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { keys: { type: 'string' }, 'passphrase-file': { type: 'string' } },
  })
  const [file] = positionals
  if (file === undefined || positionals.length > 1) throw usageFault('Name one backup of keys.')
  const folder = resolve(values.keys ?? keysFolder(io.env))
  const text = await readFile(file, 'utf8').catch(() => {
    throw new CommandFault(`There is no file ${file}.`)
  })
  const files = await openKeys(text, await readPassphrase(io, values['passphrase-file'], false))
  const missing = await findMissing(folder, files)
  // root.key last: a folder that has it is taken for whole.
  missing.sort(([a], [b]) => Number(a === 'root.key') - Number(b === 'root.key'))
  for (const [name, bytes] of missing) await writeKey(join(folder, name), bytes)
  io.out(
    missing.length === 0
      ? `${folder} holds these keys already.`
      : `${folder}: ${missing
          .map(([name]) => name)
          .sort()
          .join(', ')}`,
  )
  return 0
}

export const keysRestore: Command = {
  usage: USAGE,
  about: 'Put backed-up key files back; existing keys are never overwritten',
  run,
}
