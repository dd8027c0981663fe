/** Puts a snapshot and the files it names into one archive, as a stream: nothing is held but a few blocks. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import {
  blobEntry,
  FILES_A_LIST,
  hashLine,
  hashListEntry,
  HEAD_ENTRY,
  MANIFEST_ENTRY,
  rowsEntry,
  SEAL_ENTRY,
  sealText,
  type BackupHead,
  type BackupManifest,
  type TableSum,
} from '../../../domain/installation/backup/format.ts'
import { TAR_END, tarHeader, tarPadding } from '../../../domain/installation/backup/tar.ts'
import type { Snapshot } from '../store/snapshot.ts'

export type BackupSource = {
  readonly snapshot: Snapshot
  /** All of the head but what the snapshot says. */
  readonly about: Omit<BackupHead, 'tables' | 'migrations' | 'postgres'>
  readonly blobFolder: string
  /** HMAC of the manifest under a key that is not in the backup. */
  readonly seal: (manifest: Uint8Array) => string
  /** Called when the rows are through and files follow, which are encrypted and so cannot be made smaller. */
  readonly filesFollow?: () => void
}

type Bytes = AsyncGenerator<Uint8Array, void, undefined>

function* wholeEntry(name: string, content: Uint8Array, at: number): Generator<Uint8Array> {
  yield tarHeader(name, content.length, at)
  yield content
  yield tarPadding(content.length)
}

const documentOf = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value, null, 1)}\n`)

/** One part a block of rows; adds the table's sum when its end is reached. */
async function* tableEntries(
  snapshot: Snapshot,
  table: BackupHead['tables'][number],
  at: number,
  sums: TableSum[],
): Bytes {
  const hash = createHash('sha256')
  const rows = snapshot.rowsOf(table)
  let bytes = 0
  for (let part = 1; ; part++) {
    const block = await rows.next()
    if (block.done === true) {
      sums.push({ name: table.name, rows: block.value, bytes, sha256: hash.digest('hex') })
      return
    }
    hash.update(block.value)
    bytes += block.value.length
    yield* wholeEntry(rowsEntry(table.name, part), block.value, at)
  }
}

type FileSums = { files: number; bytes: number; gone: string[] }

/** Files up to this size are read whole, several at once: most are chunks of recordings, a few kilobytes each. */
const SMALL_BYTES = 1024 * 1024
const READ_AT_ONCE = 8

type Found = { readonly name: string; readonly file: string; readonly size: number; readonly whole?: Buffer }

/** The file as it lies in the store, encrypted; without a size when it is not there. */
const find = async (folder: string, name: string): Promise<Found | { readonly name: string }> => {
  const file = join(folder, `${name}.enc`)
  try {
    const { size } = await stat(file)
    return size <= SMALL_BYTES ? { name, file, size, whole: await readFile(file) } : { name, file, size }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { name }
    throw error
  }
}

async function* inOrder(source: BackupSource): AsyncGenerator<Found | { readonly name: string }> {
  for await (const names of source.snapshot.blobNames())
    for (let at = 0; at < names.length; at += READ_AT_ONCE)
      yield* await Promise.all(
        names.slice(at, at + READ_AT_ONCE).map((name) => find(source.blobFolder, name)),
      )
}

/** Files are never changed after they were written, so their size holds while they are read. */
async function* fileEntry(found: Found, at: number, line: (text: string) => void): Bytes {
  const { name, file, size, whole } = found
  const hash = createHash('sha256')
  yield tarHeader(blobEntry(name), size, at)
  let read = 0
  for await (const piece of whole ? [whole] : (createReadStream(file) as AsyncIterable<Buffer>)) {
    hash.update(piece)
    read += piece.length
    yield piece
  }
  if (read !== size) throw new Error(`${name} changed while it was backed up`)
  yield tarPadding(size)
  line(hashLine(name, hash.digest('hex')))
}

/** Every file of the snapshot, with a list of hashes after every few thousand. */
async function* fileEntries(
  source: BackupSource,
  sums: FileSums,
  lists: { update: (bytes: Uint8Array) => unknown },
): Bytes {
  const { takenAt } = source.about
  let lines: string[] = []
  let part = 0
  const endList = function* (): Generator<Uint8Array> {
    if (lines.length === 0) return
    const list = Buffer.from(lines.join(''))
    lines = []
    lists.update(list)
    yield* wholeEntry(hashListEntry(++part), list, takenAt)
  }
  for await (const found of inOrder(source)) {
    if (!('size' in found)) {
      sums.gone.push(found.name)
      continue
    }
    yield* fileEntry(found, takenAt, (text) => lines.push(text))
    sums.files++
    sums.bytes += found.size
    if (lines.length >= FILES_A_LIST) yield* endList()
  }
  yield* endList()
}

const BLOCK_BYTES = 256 * 1024

/** Headers and small files together in blocks: whoever compresses them pays by the piece. */
async function* inBlocks(pieces: Bytes): Bytes {
  let gathered: Uint8Array[] = []
  let bytes = 0
  for await (const piece of pieces) {
    gathered.push(piece)
    bytes += piece.length
    if (bytes < BLOCK_BYTES) continue
    yield Buffer.concat(gathered, bytes)
    gathered = []
    bytes = 0
  }
  if (bytes > 0) yield Buffer.concat(gathered, bytes)
}

async function* writeEntries(source: BackupSource): Bytes {
  const { snapshot, about, seal } = source
  let midway = true
  try {
    const { tables, migrations, postgres } = snapshot
    const head = documentOf({ ...about, postgres, migrations, tables } satisfies BackupHead)
    yield* wholeEntry(HEAD_ENTRY, head, about.takenAt)
    const sums: TableSum[] = []
    for (const table of tables) yield* tableEntries(snapshot, table, about.takenAt, sums)
    source.filesFollow?.()
    const files: FileSums = { files: 0, bytes: 0, gone: [] }
    const lists = createHash('sha256')
    yield* fileEntries(source, files, lists)
    const manifest = documentOf({
      id: about.id,
      head: createHash('sha256').update(head).digest('hex'),
      tables: sums,
      sequences: snapshot.sequences,
      blobs: { ...files, sha256: lists.digest('hex') },
      ledger: snapshot.ledger,
    } satisfies BackupManifest)
    yield* wholeEntry(MANIFEST_ENTRY, manifest, about.takenAt)
    const sha256 = createHash('sha256').update(manifest).digest('hex')
    yield* wholeEntry(SEAL_ENTRY, Buffer.from(sealText({ sha256, hmac: seal(manifest) })), about.takenAt)
    yield TAR_END
    midway = false
  } finally {
    await snapshot.close(midway)
  }
}

/** The archive, uncompressed. Closes the snapshot when it has been read to its end or given up, if it was begun. */
export const writeBackup = (source: BackupSource): Bytes => inBlocks(writeEntries(source))
