/** `fortnight restore`, in a process of its own: no server runs while it fills the folder and the database. */
import { statfs } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { UnusableBackup } from '../../../domain/installation/backup/unusable-backup.ts'
import { ConfigFault, readConfig, type Config } from '../../platform/config.ts'
import { isDatabaseFull } from '../../platform/database.ts'
import { startEmbeddedPostgres } from '../../platform/embedded-postgres/index.ts'
import { keysFolderOf } from '../restored-folder.ts'
import { openArchive } from './open-archive.ts'
import { openPlace, type Place } from './place.ts'
import { restore, type Restored } from './restore.ts'
import { RestoreRefused } from './restore-refused.ts'

type Asked = { readonly file: string; readonly keysFolder: string; readonly config: Config }

const say = (line: string): void => void process.stdout.write(`${line}\n`)

const readArguments = (): Asked => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { data: { type: 'string' }, 'database-url': { type: 'string' }, keys: { type: 'string' } },
  })
  const [file] = positionals
  if (file === undefined || positionals.length > 1 || values.data === undefined)
    throw new RestoreRefused('Name one backup file and --data FOLDER.')
  const config = readConfig({
    ...process.env,
    FORTNIGHT_DATA: values.data,
    ...(values['database-url'] === undefined ? {} : { DATABASE_URL: values['database-url'] }),
    ...(values.keys === undefined ? {} : { FORTNIGHT_KEYS: values.keys }),
  })
  return { file, config, keysFolder: keysFolderOf(config.FORTNIGHT_DATA, config.FORTNIGHT_KEYS) }
}

const bringDatabase = async (
  { config }: Asked,
  place: Place,
): Promise<{ url: string; stop: () => Promise<void> }> => {
  if (config.DATABASE_URL) return { url: config.DATABASE_URL, stop: async () => undefined }
  const embedded = await startEmbeddedPostgres({ folder: place.database, log: () => undefined })
  return { url: embedded.connectionString, stop: () => embedded.stop() }
}

const fill = async (asked: Asked, place: Place, signal: AbortSignal): Promise<Restored> => {
  const database = await bringDatabase(asked, place)
  try {
    return await restore({
      config: asked.config,
      connectionString: database.url,
      archive: openArchive(asked.file, signal),
      blobFolder: place.blobs,
      keysFolder: asked.keysFolder,
      say,
    })
  } finally {
    await database.stop()
  }
}

const SMALLEST_FREE_SHARE = 0.01

/** PostgreSQL stops when it cannot write its journal, and then says nothing about why. */
const isFull = async (folder: string, error: unknown): Promise<boolean> => {
  if (isDatabaseFull(error)) return true
  if (['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')) return true
  if (/No space left|disk .* is full/i.test((error as Error).message)) return true
  const { bavail, blocks } = await statfs(folder)
  return bavail < blocks * SMALLEST_FREE_SHARE
}

const sentence = async (folder: string, error: unknown): Promise<string> => {
  if (error instanceof UnusableBackup || error instanceof RestoreRefused) return error.message
  if (await isFull(folder, error).catch(() => false))
    return `The disk of ${folder}, or that of the database, is full. Free some space and restore again.`
  return `${(error as Error).message}`
}

const report = ({ head, manifest, restoredAt, seal }: Restored, asked: Asked, place: Place): void => {
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
  const hours = ((restoredAt - head.takenAt) / 3_600_000).toFixed(1)
  say(
    `Restored ${head.organisation}: ${rows} rows of ${manifest.tables.length} tables, ${manifest.blobs.files} files, as they were ${hours} h ago.`,
  )
  for (const log of manifest.ledger) say(`  ledger ${log.origin}: ${log.size} entries, root ${log.root}`)
  if (manifest.blobs.gone.length > 0)
    say(`  ${manifest.blobs.gone.length} files were missing already when the backup was taken.`)
  if (seal === 'no-keys')
    say(
      `Its keys are not in ${asked.keysFolder}: bring them with \`fortnight keys-restore\` before the first start.`,
    )
  say(
    `Start it with FORTNIGHT_DATA=${place.folder}. It is held: nothing is sent until an administrator releases it.`,
  )
}

const main = async (): Promise<number> => {
  const asked = readArguments()
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort())
  const place = await openPlace(asked.config.FORTNIGHT_DATA)
  if (place.cleared) say('What an interrupted restore had left here was cleared away.')
  try {
    const restored = await fill(asked, place, stop.signal)
    await place.finish({
      backupId: restored.head.id,
      takenAt: restored.head.takenAt,
      restoredAt: restored.restoredAt,
      keyCheck: restored.head.keyCheck,
    })
    report(restored, asked, place)
    return 0
  } catch (error) {
    const told = await sentence(place.folder, error)
    await place.giveUp()
    process.stderr.write(`${told}\nNothing was restored; ${place.folder} is as empty as before.\n`)
    return 1
  }
}

main().then(
  (code) => process.exit(code),
  (error: Error) => {
    const known = error instanceof RestoreRefused || error instanceof ConfigFault
    process.stderr.write(`${known ? error.message : (error.stack ?? error.message)}\n`)
    process.exit(1)
  },
)
