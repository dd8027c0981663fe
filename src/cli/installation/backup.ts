/** `fortnight backup`: fetches a backup of the running installation and reads it back before it calls it one. */
import { link, open, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { installationAreaRoutes } from '../../contract/installation/installation.ts'
import { problemFrom } from '../shell/call.ts'
import { needConnection, type Connection } from '../shell/connection.ts'
import { CommandFault, type Command, type Io } from '../shell/io.ts'
import { checkBackupFile, describeBackup } from './check-backup-file.ts'
import { diskFault, placeOf, refuseBesideKeys } from './places.ts'

const USAGE = 'fortnight backup [-o FILE|FOLDER]'

/** A server that says nothing for so long has stopped. */
const SILENCE_MS = 120_000

const ask = async (connection: Connection, signal: AbortSignal): Promise<Response> => {
  try {
    return await fetch(`${connection.url}${installationAreaRoutes.backUp.path}`, {
      headers: { authorization: `Bearer ${connection.token}`, 'user-agent': 'fortnight-cli/0.1' },
      signal,
    })
  } catch (error) {
    const cause = (error as { cause?: Error }).cause?.message ?? (error as Error).message
    throw new CommandFault(
      `${connection.url} does not answer (${cause}). Check FORTNIGHT_URL and that the server runs.`,
    )
  }
}

/** Bytes as they arrive; a connection that breaks off, or falls silent, is told as what it is. */
async function* received(response: Response, silence: { touch: () => void }): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of response.body ?? []) {
      silence.touch()
      yield chunk as Uint8Array
    }
  } catch {
    throw new CommandFault(
      'The server broke off in the middle of the backup, or fell silent. Nothing was kept; its log says why.',
    )
  }
}

const watchSilence = () => {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), SILENCE_MS)
  return { signal: stop.signal, touch: () => timer.refresh(), end: () => clearTimeout(timer) }
}

const download = async (connection: Connection, file: string): Promise<void> => {
  const silence = watchSilence()
  try {
    const response = await ask(connection, silence.signal)
    if (!response.ok) throw await problemFrom(response)
    const handle = await open(file, 'wx', 0o600)
    try {
      for await (const chunk of received(response, silence)) await handle.writeFile(chunk)
      await handle.sync()
    } finally {
      await handle.close()
    }
  } finally {
    silence.end()
  }
}

const flushFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder)
  await handle.sync().finally(() => handle.close())
}

/** Under its final name there is never anything but a whole backup: link(2) fails where a file is already. */
const giveName = async (part: string, file: string): Promise<void> => {
  await link(part, file)
  await rm(part)
  await flushFolder(dirname(file))
}

const backUp = async (argv: readonly string[], io: Io): Promise<number> => {
  const { values } = parseArgs({ args: [...argv], options: { output: { type: 'string', short: 'o' } } })
  const connection = needConnection(io.env)
  const day = new Date().toISOString().slice(0, 16).replace(/[-:]/g, '')
  const file = await placeOf(values.output, `fortnight-backup-${day}.tar.gz`)
  if (await stat(file).catch(() => undefined)) throw diskFault(file, { code: 'EEXIST' })
  await refuseBesideKeys(file)
  const part = `${file}.part-${process.pid}`
  const startedAt = performance.now()
  try {
    await download(connection, part)
    const checked = await checkBackupFile(part)
    await giveName(part, file)
    const { size } = await stat(file)
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    for (const line of describeBackup(checked)) io.out(line)
    io.out(`${file}: ${size} bytes, written and read back in ${seconds} s.`)
    io.out('The keys are not in it: `fortnight keys-backup` on the server’s machine, to another place.')
    return 0
  } catch (error) {
    await rm(part, { force: true })
    throw diskFault(file, error)
  }
}

export const backup: Command = {
  usage: USAGE,
  about: 'Back up the running installation (rows and files, no keys) into one file',
  run: backUp,
}
