/** Restores a backup into an empty folder and an empty database: whole and held, or not at all. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { backupHead, backupManifest } from '../../../contract/installation/backup-file.ts'
import {
  FORMAT_VERSION,
  type BackupHead,
  type BackupManifest,
} from '../../../domain/installation/backup/format.ts'
import {
  readBackup,
  type BackupPart,
  type ReadingTools,
} from '../../../domain/installation/backup/read-backup.ts'
import { changed } from '../../../domain/installation/backup/unusable-backup.ts'
import { findInstallation } from '../../people/index.ts'
import { projectRoot } from '../../platform/boot.ts'
import type { Config } from '../../platform/config.ts'
import { readMigrations, type Migration } from '../../platform/migrate.ts'
import { VERSION } from '../../platform/version.ts'
import { compareSeal } from '../archive/key-check.ts'
import { installationRestored } from '../events.ts'
import {
  analyse,
  countBlobs,
  countKnownBlobs,
  emptyTables,
  holdInstallation,
  layGuardDown,
  loadRows,
  makeSchema,
  setSequences,
  tablesThere,
} from '../store/load.ts'
import { restoreInto, type RestoreTx } from './restore-database.ts'
import { RestoreRefused } from './restore-refused.ts'
import { openFileWriter, type FileWriter } from './write-files.ts'

export type Restored = {
  readonly head: BackupHead
  readonly manifest: BackupManifest
  readonly restoredAt: number
  /** Whether the seal was checked with keys at hand. */
  readonly seal: 'matches' | 'no-keys'
}

export type RestoreGiven = {
  readonly config: Config
  readonly connectionString: string
  /** Uncompressed bytes of the archive. */
  readonly archive: AsyncIterable<Uint8Array>
  readonly blobFolder: string
  readonly keysFolder: string
  readonly say: (line: string) => void
}

export const readingTools: ReadingTools = {
  newSha256: () => {
    const hash = createHash('sha256')
    return { update: (bytes) => hash.update(bytes), hex: () => hash.digest('hex') }
  },
  asHead: (json) => backupHead.parse(json),
  asManifest: (json) => backupManifest.parse(json),
}

/** The backup's migrations among ours, in order: what we have beyond them follows at the first start. */
export const knownMigrations = (head: BackupHead, ours: readonly Migration[]): Migration[] => {
  const known = new Map(ours.map((migration) => [migration.name, migration]))
  for (const { name, sha256 } of head.migrations) {
    const migration = known.get(name)
    if (!migration)
      throw new RestoreRefused(
        `This backup was made by a newer Fortnight (${head.fortnight}; this is ${VERSION}): it knows the migration ${name}. Install that version, then restore.`,
      )
    if (migration.sha256 !== sha256)
      throw new RestoreRefused(
        `migrations/${name} is not the file that this backup was made with. Restore the file.`,
      )
  }
  return ours.filter(({ name }) => head.migrations.some((one) => one.name === name))
}

const begin = async ({ client }: RestoreTx, head: BackupHead): Promise<() => Promise<void>> => {
  if (head.v > FORMAT_VERSION)
    throw new RestoreRefused(
      `This backup was made by a newer Fortnight (${head.fortnight}). Install that version, then restore.`,
    )
  const there = await tablesThere(client)
  if (there.length > 0)
    throw new RestoreRefused(
      `The database is not empty (it has the table ${there[0]}). A restore fills an empty database; give another one.`,
    )
  await makeSchema(
    client,
    knownMigrations(head, await readMigrations(join(projectRoot, 'migrations'))),
    VERSION,
  )
  const putGuardUp = await layGuardDown(client)
  await emptyTables(client, head.tables)
  return putGuardUp
}

type Progress = {
  head: BackupHead
  putGuardUp: () => Promise<void>
  readonly rows: Map<string, number>
  files: number
  fileNames: string[]
}

const NAMES_AT_ONCE = 1_000

/** Each file belongs to a row: a file that none names is not ours. */
const checkNames = async ({ client }: RestoreTx, progress: Progress): Promise<void> => {
  const names = progress.fileNames.splice(0)
  if ((await countKnownBlobs(client, names)) !== new Set(names).size)
    throw changed('it holds a file that no row names')
}

const takePart = async (
  restoring: RestoreTx,
  progress: Progress,
  part: Exclude<BackupPart, { kind: 'head' | 'manifest' }>,
  files: FileWriter,
  say: RestoreGiven['say'],
): Promise<void> => {
  switch (part.kind) {
    case 'rows': {
      const table = progress.head.tables.find(({ name }) => name === part.table)
      if (!table) throw changed(`it holds rows of ${part.table}, which its head does not name`)
      if (!progress.rows.has(table.name)) say(`  ${table.name}`)
      const taken = await loadRows(restoring.client, table, part.bytes)
      progress.rows.set(table.name, (progress.rows.get(table.name) ?? 0) + taken)
      return
    }
    case 'blob':
      if (progress.files === 0) say('  recordings and attached files')
      await files.write(part.name, part.size, part.bytes)
      progress.files++
      progress.fileNames.push(part.name)
      if (progress.fileNames.length >= NAMES_AT_ONCE) await checkNames(restoring, progress)
      return
  }
}

/** The reader has compared the file with its manifest; here the database is compared with it. */
const checkLoaded = async (
  restoring: RestoreTx,
  progress: Progress,
  manifest: BackupManifest,
): Promise<void> => {
  await checkNames(restoring, progress)
  for (const { name, rows } of manifest.tables) {
    const taken = progress.rows.get(name) ?? 0
    if (taken !== rows) throw new Error(`the database took ${taken} of ${rows} rows of ${name}`)
  }
  if ((await countBlobs(restoring.client)) !== manifest.blobs.files + manifest.blobs.gone.length)
    throw changed('recordings or attached files are missing from it')
}

const settle = async (restoring: RestoreTx, progress: Progress, manifest: BackupManifest): Promise<void> => {
  const { tx, client } = restoring
  const { head } = progress
  await checkLoaded(restoring, progress, manifest)
  await setSequences(client, manifest.sequences)
  await progress.putGuardUp()
  const taken = new Date(head.takenAt).toISOString().slice(0, 16).replace('T', ' ')
  await holdInstallation(client, tx.now, `Restored from the backup of ${taken} UTC.`)
  const installation = await findInstallation(tx.db)
  if (!installation) throw changed('it holds no installation')
  tx.append(installationRestored, {
    stream: installation.id,
    body: {
      backupId: head.id,
      takenAt: head.takenAt,
      rows: manifest.tables.reduce((sum, { rows }) => sum + rows, 0),
      files: manifest.blobs.files,
      ledger: manifest.ledger.map(({ log, size, root }) => ({ log, size, root })),
    },
  })
}

/** @throws UnusableBackup, RestoreRefused, or what the database or the disk said; nothing is committed then */
export const restore = async (given: RestoreGiven): Promise<Restored> => {
  const files = await openFileWriter(given.blobFolder)
  const work = async (restoring: RestoreTx): Promise<Restored> => {
    let progress: Progress | undefined
    for await (const part of readBackup(given.archive, readingTools)) {
      if (part.kind === 'head') {
        const putGuardUp = await begin(restoring, part.head)
        progress = { head: part.head, putGuardUp, rows: new Map(), files: 0, fileNames: [] }
      } else if (!progress) throw changed('it has no beginning')
      else if (part.kind === 'manifest') {
        const seal = compareSeal(given.keysFolder, progress.head.keyCheck, part.bytes, part.seal)
        if (seal === 'other-keys')
          throw new RestoreRefused(
            `The keys in ${given.keysFolder} are not those of this backup. Name their folder with --keys, or an empty one to bring them later.`,
          )
        if (seal === 'broken') throw changed('its seal was not made with its keys')
        await settle(restoring, progress, part.manifest)
        await files.flush()
        return { head: progress.head, manifest: part.manifest, restoredAt: restoring.tx.now, seal }
      } else await takePart(restoring, progress, part, files, given.say)
    }
    throw changed('it has no end')
  }
  return restoreInto(given.connectionString, given.config, work, analyse)
}
