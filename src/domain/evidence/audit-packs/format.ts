/**
 * The audit pack as a format: names, paths and shapes. docs/audit-pack.md says the same for people who write another
 * verifier; whoever changes one changes both, and the `v1` in FORMAT when an old verifier would judge differently.
 */

import { isHexHash, isTimestamp, isUuid } from '../ledger/index.ts'
import { hasExactly, isCount, isListOf, isText } from './shape.ts'

export const FORMAT = 'fortnight/audit-pack/v1'

export const MANIFEST_PATH = 'manifest.json'
export const MANIFEST_NOTE_PATH = 'manifest.note'
export const README_PATH = 'README.html'
export const KEYS_PATH = 'keys.txt'
export const ACTORS_PATH = 'actors.json'

/** Where the parts of one log stand. */
export const logPaths = (log: string) => ({
  folder: `log/${log}/`,
  start: `log/${log}/checkpoint.start`,
  end: `log/${log}/checkpoint.end`,
  consistency: `log/${log}/consistency.ndjson`,
  range: `log/${log}/range.json`,
  entries: `log/${log}/entries.bundle`,
  disclosures: `log/${log}/disclosures.ndjson`,
  blobs: `log/${log}/blobs.ndjson`,
  later: `log/${log}/later.ndjson`,
  castOf: (session: string): string => `log/${log}/casts/${session}.cast`,
  observationsOf: (entry: string): string => `log/${log}/observations/${entry}.ndjson`,
})

export const blobPath = (hash: string): string => `blobs/${hash}`

/** Entry types that account for what is gone, and the disclosed field in which they name it. */
export const ERASED = 'erasure.executed'
export const EXPIRED = 'retention.expired'
export const REDACTED = 'session.redacted'
export const GONE_DIGESTS = 'digests'
export const GONE_BLOBS = 'blobs'
export const REPLACED_BLOBS = 'replaced'

/** The entry type that retires a key of the ledger, and the field that holds what both keys signed. */
export const KEY_ROTATED = 'key.rotated'
export const STATEMENT = 'statement'

/** The entry type that seals a window of observations, and the field that holds it. */
export const OBSERVATIONS_SEALED = 'observations.sealed'
export const WINDOW = 'window'

/** Kinds of blobs that stand in recordings, and the reference that says in which. */
export const CAST_CHUNK = 'cast.chunk'
export const CAST_REDACTED = 'cast.redacted'
export const SESSION = 'session'

/** Entry types that begin and end a recording, and the disclosed fields in which its recorder says how far it is. */
export const SESSION_OPENED = 'session.opened'
export const SESSION_CLOSED = 'session.closed'
export const DECLARED_CHUNKS = 'chunks'
export const DECLARED_HEAD = 'head'

export type ManifestFile = { readonly path: string; readonly sha256: string; readonly size: number }

/** Entries [from, to) of a log, between signed heads of sizes `start` and `end`. */
export type ManifestLog = {
  readonly log: string
  readonly origin: string
  readonly from: number
  readonly to: number
  readonly start: number
  readonly end: number
}

export type Manifest = {
  readonly v: 1
  readonly format: typeof FORMAT
  readonly id: string
  readonly created_at: string
  readonly requester: string
  readonly purpose: string
  readonly period: { readonly from: string; readonly to: string }
  readonly scope: Readonly<Record<string, string>>
  readonly logs: readonly ManifestLog[]
  readonly files: readonly ManifestFile[]
}

/** What is signed: the manifest by its hash, under a first line that no checkpoint shares. */
export const manifestNoteText = (manifestSha256: string): string => `${FORMAT}\n${manifestSha256}\n`

const SEGMENT = /^[A-Za-z0-9._-]+$/

/** True for the paths a pack may hold: nothing that could leave the folder it is unpacked into, on any system. */
export const isPackPath = (path: unknown): path is string =>
  typeof path === 'string' &&
  path.length >= 1 &&
  path.length <= 200 &&
  path.split('/').every((segment) => SEGMENT.test(segment) && segment !== '.' && segment !== '..')

const isManifestFile = (value: unknown): value is ManifestFile =>
  hasExactly(value, ['path', 'sha256', 'size']) &&
  isPackPath(value['path']) &&
  value['path'] !== MANIFEST_PATH &&
  value['path'] !== MANIFEST_NOTE_PATH &&
  isHexHash(value['sha256']) &&
  isCount(value['size'])

function isManifestLog(value: unknown): value is ManifestLog {
  if (!hasExactly(value, ['log', 'origin', 'from', 'to', 'start', 'end'])) return false
  const { log, origin, from, to, start, end } = value
  if (!isUuid(log) || !isText(origin) || !origin.endsWith(`/${log}`)) return false
  if (!isCount(from) || !isCount(to) || !isCount(start) || !isCount(end)) return false
  return from <= to && to <= end && start <= end
}

const isPeriod = (value: unknown): boolean =>
  hasExactly(value, ['from', 'to']) &&
  isTimestamp(value['from']) &&
  isTimestamp(value['to']) &&
  value['from'] < value['to']

const MANIFEST_MEMBERS = [
  'v',
  'format',
  'id',
  'created_at',
  'requester',
  'purpose',
  'period',
  'scope',
  'logs',
  'files',
] as const

/** Judges the shape of a parsed manifest whose `format` is ours. */
export function isManifest(value: unknown): value is Manifest {
  if (!hasExactly(value, MANIFEST_MEMBERS)) return false
  const { scope, logs, files } = value
  if (value['v'] !== 1 || value['format'] !== FORMAT || !isUuid(value['id'])) return false
  if (!isTimestamp(value['created_at']) || !isPeriod(value['period'])) return false
  if (!isText(value['requester']) || !isText(value['purpose'])) return false
  if (typeof scope !== 'object' || scope === null || Array.isArray(scope)) return false
  if (!Object.values(scope).every(isText)) return false
  if (!isListOf(logs, isManifestLog) || !isListOf(files, isManifestFile)) return false
  if (logs.length === 0 || new Set(logs.map(({ log }) => log)).size !== logs.length) return false
  return isAscendingByPath(files)
}

/** Ascending also means that no path stands twice; paths that differ in case only collide on some systems. */
function isAscendingByPath(files: readonly ManifestFile[]): boolean {
  const folded = new Set(files.map(({ path }) => path.toLowerCase()))
  return folded.size === files.length && files.every(({ path }, i) => i === 0 || files[i - 1]!.path < path)
}
