/** Bytes too large for a row: encrypted files in the data folder, one key a set, written whole before their row commits. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Platform } from './context.ts'
import type { Db, Tx } from './database.ts'
import { sha256 } from './evidence-outbox.ts'
import { Fault } from './faults.ts'

/** What the keys of blobs are sealed for. */
export const BLOB_KEYS = 'blob-keys'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** What reading blobs takes. */
export type BlobSource = {
  readonly config: Pick<Platform['config'], 'FORTNIGHT_DATA'>
  readonly secrets: Pick<Platform['secrets'], 'open'>
}

export const blobFolder = (platform: Pick<BlobSource, 'config'>): string =>
  resolve(platform.config.FORTNIGHT_DATA, 'blobs')

/** Names are ours: lower-case words, digits and hyphens in folders. Anything else would be a path of somebody's choosing. */
const fileOf = (platform: Pick<BlobSource, 'config'>, name: string): string => {
  if (!/^[a-z0-9-]+(\/[a-z0-9-]+)*$/.test(name)) throw new Error(`not a blob name: ${name}`)
  return join(blobFolder(platform), `${name}.enc`)
}

const unavailable = (error: unknown): Fault => {
  const full = (error as { code?: string }).code === 'ENOSPC'
  return new Fault(
    'unavailable',
    full
      ? 'The disk of the blob store is full. Nothing was stored; free space, then try again.'
      : 'The blob store cannot be written or read. Nothing was stored; try again in a moment.',
    { cause: error },
  )
}

/** Written beside, flushed, renamed, and the folder flushed: after a power cut the file is whole or absent. */
const writeWhole = async (file: string, bytes: Uint8Array): Promise<void> => {
  const folder = dirname(file)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  try {
    const handle = await open(draft, 'wx', 0o600)
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  const directory = await open(folder, 'r')
  await directory.sync().finally(() => directory.close())
}

const keyOf = async (platform: BlobSource, db: Db | Tx, keyId: string): Promise<Buffer> => {
  const row = await db.selectFrom('blob_keys').select('sealed').where('id', '=', keyId).executeTakeFirst()
  if (!row)
    throw new Fault('not-found', 'The key of these bytes was destroyed; they cannot be read any more.')
  return platform.secrets.open(BLOB_KEYS, row.sealed)
}

export const newBlobKey = async (platform: Platform, db: Tx, id: string, at: number): Promise<void> => {
  const sealed = platform.secrets.seal(BLOB_KEYS, randomBytes(32))
  await db.insertInto('blob_keys').values({ id, sealed, created_at: at }).execute()
}

type Put = {
  readonly name: string
  readonly keyId: string
  /** null: the organisation's own. */
  readonly customerId: string | null
  readonly bytes: Uint8Array
  readonly at: number
}

/** The name is bound into the encryption: a file put in another's place does not open. */
export const putBlob = async (platform: Platform, db: Tx, put: Put): Promise<void> => {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', await keyOf(platform, db, put.keyId), nonce)
  cipher.setAAD(Buffer.from(put.name))
  const sealed = Buffer.concat([nonce, cipher.update(put.bytes), cipher.final(), cipher.getAuthTag()])
  await writeWhole(fileOf(platform, put.name), sealed).catch((error: unknown) => {
    throw unavailable(error)
  })
  const row = {
    name: put.name,
    key_id: put.keyId,
    customer_id: put.customerId,
    sha256: Buffer.from(sha256(put.bytes)),
    size: put.bytes.length,
    stored_at: put.at,
  }
  await db.insertInto('blobs').values(row).execute()
}

/** The bytes as they were put; throws when they are gone, changed, or their key was destroyed. */
export const getBlob = async (platform: BlobSource, db: Db | Tx, name: string): Promise<Buffer> => {
  const row = await db
    .selectFrom('blobs')
    .select(['key_id', 'sha256'])
    .where('name', '=', name)
    .executeTakeFirst()
  if (!row) throw new Fault('not-found', 'These bytes are not stored here.')
  const key = await keyOf(platform, db, row.key_id)
  const sealed = await readFile(fileOf(platform, name)).catch((error: unknown) => {
    throw unavailable(error)
  })
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES))
    decipher.setAAD(Buffer.from(name))
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
    return Buffer.concat([
      decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES)),
      decipher.final(),
    ])
  } catch (error) {
    throw new Fault('unexpected', 'A stored file was changed or is damaged. Restore it from a backup.', {
      cause: error,
    })
  }
}

/**
 * Makes the bytes unreadable for good by destroying their key, when no other blob lies under it. The file is removed
 * afterwards, by a task: nothing may be taken from the disk before this transaction commits.
 */
export const dropBlob = async (db: Tx, name: string): Promise<void> => {
  const row = await db.deleteFrom('blobs').where('name', '=', name).returning('key_id').executeTakeFirst()
  if (!row) return
  await db
    .deleteFrom('blob_keys')
    .where('id', '=', row.key_id)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('blobs').select('name').where('key_id', '=', row.key_id))),
    )
    .execute()
}

/** Absent already is as good. */
export const removeBlobFile = (platform: Platform, name: string): Promise<void> =>
  rm(fileOf(platform, name), { force: true })

declare module './database.ts' {
  interface Tables {
    blob_keys: { id: string; sealed: Buffer; created_at: number }
    blobs: {
      name: string
      key_id: string
      customer_id: string | null
      sha256: Buffer
      size: number
      stored_at: number
    }
  }
}
