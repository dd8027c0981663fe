/** Reads a backup from its first byte to its last and believes none of it before its hashes add up. */
import { concatBytes, textOfUtf8 } from '../../evidence/ledger/bytes.ts'
import {
  entryKind,
  hashLine,
  parseSeal,
  type BackupHead,
  type BackupManifest,
  type TableSum,
} from './format.ts'
import { readTar, type TarEntry } from './tar.ts'
import { changed, cutShort, UnusableBackup } from './unusable-backup.ts'

/** A hash that grows; handed in, because a rule imports no library. */
export type GrowingHash = {
  readonly update: (bytes: Uint8Array) => unknown
  readonly hex: () => string
}

/** What a reader is given from outside. The two shapes throw when a document is not one. */
export type ReadingTools = {
  readonly newSha256: () => GrowingHash
  readonly asHead: (json: unknown) => BackupHead
  readonly asManifest: (json: unknown) => BackupManifest
}

/** `bytes` are to be read before the next part is asked for. Nothing is certain before `manifest` has come. */
export type BackupPart =
  | { readonly kind: 'head'; readonly head: BackupHead }
  | { readonly kind: 'rows'; readonly table: string; readonly bytes: AsyncIterable<Uint8Array> }
  | {
      readonly kind: 'blob'
      readonly name: string
      readonly size: number
      readonly bytes: AsyncIterable<Uint8Array>
    }
  | {
      readonly kind: 'manifest'
      readonly manifest: BackupManifest
      readonly bytes: Uint8Array
      /** The HMAC: to be compared by whoever has the keys. */
      readonly seal: string
    }

const LARGEST_DOCUMENT = 64 * 1024 * 1024
const LINE_FEED = 10

const documentOf = async (entry: TarEntry): Promise<Uint8Array> => {
  if (entry.size > LARGEST_DOCUMENT) throw changed(`${entry.name} is larger than any backup makes it`)
  const pieces: Uint8Array[] = []
  for await (const piece of entry.bytes) pieces.push(piece.slice())
  return concatBytes(pieces)
}

const parsed = <T>(name: string, bytes: Uint8Array, shape: (json: unknown) => T): T => {
  try {
    return shape(JSON.parse(textOfUtf8(bytes) ?? ''))
  } catch (error) {
    if (error instanceof UnusableBackup) throw error
    throw changed(`${name} is not what it should be`)
  }
}

const lineFeeds = (bytes: Uint8Array): number => {
  let count = 0
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) count++
  return count
}

/** What was read so far, to be compared with the manifest. */
type Sums = {
  head?: BackupHead
  headSha256: string
  readonly tables: TableSum[]
  files: number
  fileBytes: number
  /** Lines that the next hash list must hold. */
  readonly lines: string[]
}

type OpenTable = { readonly name: string; rows: number; bytes: number; readonly hash: GrowingHash }

const openReader = (tools: ReadingTools) => {
  const sums: Sums = { headSha256: '', tables: [], files: 0, fileBytes: 0, lines: [] }
  const lists = tools.newSha256()
  let table: OpenTable | undefined

  const endTable = (): void => {
    if (table)
      sums.tables.push({ name: table.name, rows: table.rows, bytes: table.bytes, sha256: table.hash.hex() })
    table = undefined
  }
  const beginTable = (name: string): OpenTable => {
    if (table?.name === name) return table
    endTable()
    // Tables without rows have no part, so the head may be ahead of the file, never behind.
    const known = sums.head?.tables.findIndex((one) => one.name === name) ?? -1
    const last = sums.head?.tables.findIndex((one) => one.name === sums.tables.at(-1)?.name) ?? -1
    if (known < 0 || known <= last) throw changed(`the rows of ${name} are not where they belong`)
    return (table = { name, rows: 0, bytes: 0, hash: tools.newSha256() })
  }
  const rowsOf = async function* (entry: TarEntry, open: OpenTable): AsyncGenerator<Uint8Array> {
    for await (const piece of entry.bytes) {
      open.hash.update(piece)
      open.bytes += piece.length
      open.rows += lineFeeds(piece)
      yield piece
    }
  }
  const fileOf = async function* (entry: TarEntry, name: string): AsyncGenerator<Uint8Array> {
    const hash = tools.newSha256()
    for await (const piece of entry.bytes) {
      hash.update(piece)
      yield piece
    }
    sums.files++
    sums.fileBytes += entry.size
    sums.lines.push(hashLine(name, hash.hex()))
  }
  const checkList = (bytes: Uint8Array): void => {
    if (textOfUtf8(bytes) !== sums.lines.splice(0).join(''))
      throw changed('the hash of a recording or an attached file does not match')
    lists.update(bytes)
  }
  const compare = (manifest: BackupManifest): void => {
    endTable()
    if (sums.head === undefined || manifest.id !== sums.head.id || manifest.head !== sums.headSha256)
      throw changed('its beginning and its end do not belong together')
    const found = new Map(sums.tables.map((one) => [one.name, one]))
    const empty = tools.newSha256().hex()
    for (const { name } of sums.head.tables) {
      const sum = found.get(name) ?? { name, rows: 0, bytes: 0, sha256: empty }
      const said = manifest.tables.find((one) => one.name === name)
      if (said?.rows !== sum.rows || said.bytes !== sum.bytes || said.sha256 !== sum.sha256)
        throw changed(`the rows of ${name} are not those that were backed up`)
    }
    const { blobs } = manifest
    const whole = sums.lines.length === 0 && blobs.sha256 === lists.hex()
    if (!whole || blobs.files !== sums.files || blobs.bytes !== sums.fileBytes)
      throw changed('recordings or attached files are missing from it')
  }
  return { sums, beginTable, rowsOf, fileOf, checkList, compare }
}

const sha256Of = (tools: ReadingTools, bytes: Uint8Array): string => {
  const hash = tools.newSha256()
  hash.update(bytes)
  return hash.hex()
}

/** @returns the HMAC of a seal whose hash is that of the manifest */
const sealOver = (manifest: Uint8Array | undefined, bytes: Uint8Array, tools: ReadingTools): string => {
  const seal = parseSeal(textOfUtf8(bytes) ?? '')
  if (!manifest || seal?.sha256 !== sha256Of(tools, manifest)) throw changed('its manifest was changed')
  return seal.hmac
}

/**
 * @param stream of the uncompressed archive
 * @throws UnusableBackup with a sentence for a person
 */
export async function* readBackup(
  stream: AsyncIterable<Uint8Array>,
  tools: ReadingTools,
): AsyncGenerator<BackupPart, void, undefined> {
  const reader = openReader(tools)
  let manifest: { manifest: BackupManifest; bytes: Uint8Array } | undefined
  let seal: string | undefined
  for await (const entry of readTar(stream)) {
    const is = entryKind(entry.name)
    const isFirst = reader.sums.head === undefined
    if (isFirst && is?.kind !== 'head') throw new UnusableBackup('This is not a backup of Fortnight.')
    if (!is || (is.kind === 'head') !== isFirst || seal !== undefined || (manifest && is.kind !== 'seal'))
      throw changed(`${JSON.stringify(entry.name)} does not belong there`)
    switch (is.kind) {
      case 'head': {
        const bytes = await documentOf(entry)
        const head = parsed(entry.name, bytes, tools.asHead)
        Object.assign(reader.sums, { head, headSha256: sha256Of(tools, bytes) })
        yield { kind: 'head', head }
        break
      }
      case 'rows': {
        const bytes = reader.rowsOf(entry, reader.beginTable(is.table))
        yield { kind: 'rows', table: is.table, bytes }
        for await (const _ of bytes);
        break
      }
      case 'blob': {
        const bytes = reader.fileOf(entry, is.name)
        yield { kind: 'blob', name: is.name, size: entry.size, bytes }
        for await (const _ of bytes);
        break
      }
      case 'hash-list':
        reader.checkList(await documentOf(entry))
        break
      case 'manifest': {
        const bytes = await documentOf(entry)
        manifest = { manifest: parsed(entry.name, bytes, tools.asManifest), bytes }
        reader.compare(manifest.manifest)
        break
      }
      case 'seal':
        seal = sealOver(manifest?.bytes, await documentOf(entry), tools)
        break
    }
  }
  if (!manifest || seal === undefined) throw cutShort()
  yield { kind: 'manifest', ...manifest, seal }
}
