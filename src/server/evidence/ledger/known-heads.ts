/**
 * The newest signed head of each log, in a file beside the keys: it survives a restore of the database and tells that
 * the database has become older than what was published.
 */
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { base64Of, bytesOfBase64, HASH_BYTES } from '../../../domain/evidence/ledger/index.ts'
import type { Platform } from '../../platform/context.ts'

export type KnownHead = {
  readonly logId: string
  readonly size: number
  readonly root: Uint8Array
  readonly note: string
}

type Entry = { readonly size: number; readonly root: string; readonly note: string }
type Content = {
  readonly v: 1
  readonly installation: string
  readonly logs: Readonly<Record<string, Entry>>
}

const fileOf = ({ secrets }: Platform): string => join(secrets.folder, 'ledger-heads.json')

/** A file that cannot be read must not pass for "nothing is known": the sequencer does not start without it. */
export class KnownHeadsUnreadable extends Error {}

const isEntry = (value: unknown): value is Entry => {
  const entry = value as Partial<Entry> | null
  return (
    typeof entry === 'object' &&
    entry !== null &&
    Number.isSafeInteger(entry.size) &&
    typeof entry.root === 'string' &&
    bytesOfBase64(entry.root)?.length === HASH_BYTES &&
    typeof entry.note === 'string'
  )
}

const parse = (text: string, file: string): Content => {
  try {
    const content = JSON.parse(text) as Content
    if (content.v === 1 && Object.values(content.logs).every(isEntry)) return content
  } catch {
    // Said below.
  }
  throw new KnownHeadsUnreadable(
    `${file} is damaged. It holds the newest signed heads of the ledger; restore it from the key backup.`,
  )
}

/** Heads of this installation. A file of another one (keys kept, database made anew) says nothing about these logs. */
export const readKnownHeads = async (platform: Platform, installation: string): Promise<KnownHead[]> => {
  const file = fileOf(platform)
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new KnownHeadsUnreadable(`${file} cannot be read (${error.code})`)
  })
  if (text === undefined) return []
  const content = parse(text, file)
  if (content.installation !== installation) {
    await rename(file, join(platform.secrets.folder, `ledger-heads.${content.installation}.json`))
    return []
  }
  return Object.entries(content.logs).map(([logId, { size, root, note }]) => ({
    logId,
    size,
    root: bytesOfBase64(root) ?? new Uint8Array(0),
    note,
  }))
}

/** Written beside, flushed, renamed: after a power cut the old or the new one is there, whole. */
export const writeKnownHeads = async (
  platform: Platform,
  installation: string,
  heads: Iterable<KnownHead>,
): Promise<void> => {
  const file = fileOf(platform)
  const logs = Object.fromEntries(
    [...heads].map(({ logId, size, root, note }) => [logId, { size, root: base64Of(root), note }]),
  )
  const content: Content = { v: 1, installation, logs }
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${process.pid}`
  const handle = await open(draft, 'w', 0o600)
  try {
    await handle.writeFile(`${JSON.stringify(content, null, 1)}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(draft, file)
}
