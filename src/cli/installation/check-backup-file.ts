/** Reads a backup file from its first byte to its last, as a restore would, and writes nothing. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { backupHead, backupManifest } from '../../contract/installation/backup-file.ts'
import {
  FORMAT_VERSION,
  type BackupHead,
  type BackupManifest,
} from '../../domain/installation/backup/format.ts'
import { readBackup } from '../../domain/installation/backup/read-backup.ts'
import { changed, cutShort, UnusableBackup } from '../../domain/installation/backup/unusable-backup.ts'
import { CommandFault } from '../shell/io.ts'

export type CheckedBackup = { readonly head: BackupHead; readonly manifest: BackupManifest }

const newSha256 = () => {
  const hash = createHash('sha256')
  return { update: (bytes: Uint8Array) => hash.update(bytes), hex: () => hash.digest('hex') }
}

const told = (file: string, error: NodeJS.ErrnoException): Error => {
  if (error instanceof UnusableBackup) return new CommandFault(`${file}: ${error.message}`)
  switch (error.code) {
    case 'Z_BUF_ERROR':
      return new CommandFault(`${file}: ${cutShort().message}`)
    case 'Z_DATA_ERROR':
      return /header/.test(error.message)
        ? new CommandFault(`${file} is not a backup of Fortnight.`)
        : new CommandFault(`${file}: ${changed('its compressed bytes do not add up').message}`)
    case 'ENOENT':
      return new CommandFault(`There is no file ${file}.`)
    case 'EISDIR':
      return new CommandFault(`${file} is a folder; name the backup file in it.`)
    default:
      return error
  }
}

/** @throws CommandFault when the file is not a whole and unchanged backup */
export const checkBackupFile = async (file: string): Promise<CheckedBackup> => {
  const unzipped = createGunzip({ chunkSize: 256 * 1024 })
  pipeline(createReadStream(file, { highWaterMark: 256 * 1024 }), unzipped, () => undefined)
  const tools = {
    newSha256,
    asHead: (json: unknown) => backupHead.parse(json),
    asManifest: (json: unknown) => backupManifest.parse(json),
  }
  let head: BackupHead | undefined
  try {
    for await (const part of readBackup(unzipped as AsyncIterable<Uint8Array>, tools)) {
      if (part.kind === 'head') {
        head = part.head
        if (head.v > FORMAT_VERSION)
          throw new CommandFault(`${file} was made by a newer Fortnight (${head.fortnight}).`)
      }
      if (part.kind === 'manifest' && head) return { head, manifest: part.manifest }
    }
    throw cutShort()
  } catch (error) {
    throw told(file, error as NodeJS.ErrnoException)
  }
}

/** What is in it, in a few lines. */
export const describeBackup = ({ head, manifest }: CheckedBackup): string[] => {
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
  const { blobs } = manifest
  return [
    `${head.organisation}, taken ${new Date(head.takenAt).toISOString()} by Fortnight ${head.fortnight} (${head.id})`,
    `${rows} rows of ${manifest.tables.length} tables, ${blobs.files} recordings and attached files (${blobs.bytes} bytes)`,
    ...manifest.ledger.map((log) => `ledger ${log.origin}: ${log.size} entries, root ${log.root}`),
    ...(blobs.gone.length > 0
      ? [
          `${blobs.gone.length} files that rows name were not in the store: erased while the backup ran, or lost before.`,
        ]
      : []),
  ]
}
