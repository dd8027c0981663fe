/** The bytes inside a backup file, with what is wrong with the file told in sentences. */
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { changed, cutShort, UnusableBackup } from '../../../domain/installation/backup/unusable-backup.ts'
import { RestoreRefused } from './restore-refused.ts'

const CHUNK_BYTES = 256 * 1024

const told = (file: string, error: NodeJS.ErrnoException): Error => {
  switch (error.code) {
    case 'Z_BUF_ERROR':
      return cutShort()
    case 'Z_DATA_ERROR':
      return /header/.test(error.message)
        ? new UnusableBackup(`${file} is not a backup of Fortnight.`)
        : changed('its compressed bytes do not add up')
    case 'ENOENT':
      return new RestoreRefused(`There is no file ${file}.`)
    case 'EISDIR':
      return new RestoreRefused(`${file} is a folder; name the backup file in it.`)
    case 'EACCES':
      return new RestoreRefused(`${file} may not be read by this user.`)
    default:
      return error
  }
}

/** @param signal aborted when the operator has thought better of it */
export async function* openArchive(file: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const unzipped = createGunzip({ chunkSize: CHUNK_BYTES })
  pipeline(createReadStream(file, { highWaterMark: CHUNK_BYTES, signal }), unzipped, () => undefined)
  try {
    for await (const chunk of unzipped) yield chunk as Uint8Array
  } catch (error) {
    if (signal.aborted) throw new RestoreRefused('The restore was interrupted.')
    throw told(file, error as NodeJS.ErrnoException)
  }
}
