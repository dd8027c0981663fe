/** Puts a snapshot and the files it names into one archive, as a stream: nothing is held but a few blocks. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
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

/** The file as it lies in the store, encrypted; undefined when it is not there. */
const sizeOf = async (file: string): Promise<number | undefined> => {
  try {
    return (await stat(file)).size
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Files are never changed after they were written, so their size holds while they are read. */
async function* fileEntry(
  file: string,
  name: string,
  size: number,
  at: number,
  line: (text: string) => void,
): Bytes {
  const hash = createHash('sha256')
  yield tarHeader(blobEntry(name), size, at)
  let read = 0
  for await (const piece of createReadStream(file) as AsyncIterable<Buffer>) {
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
  for await (const names of source.snapshot.blobNames()) {
    for (const name of names) {
      const file = join(source.blobFolder, `${name}.enc`)
      const size = await sizeOf(file)
      if (size === undefined) {
        sums.gone.push(name)
        continue
      }
      yield* fileEntry(file, name, size, takenAt, (text) => lines.push(text))
      sums.files++
      sums.bytes += size
      if (lines.length >= FILES_A_LIST) yield* endList()
    }
  }
  yield* endList()
}

/** The archive, uncompressed. Closes the snapshot, whether it is read to its end or given up. */
export async function* writeBackup(source: BackupSource): Bytes {
  const { snapshot, about, seal } = source
  let midway = true
  try {
    const { tables, migrations, postgres } = snapshot
    const head = documentOf({ ...about, postgres, migrations, tables } satisfies BackupHead)
    yield* wholeEntry(HEAD_ENTRY, head, about.takenAt)
    const sums: TableSum[] = []
    for (const table of tables) yield* tableEntries(snapshot, table, about.takenAt, sums)
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
