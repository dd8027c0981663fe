/** What lies where in a backup file; docs/backup.md says the same to operators. */

export const FORMAT = 'fortnight-backup'
export const FORMAT_VERSION = 1

/** First in the file: what it is, and what has to be there before its rows can be loaded. */
export type BackupHead = {
  readonly format: typeof FORMAT
  readonly v: number
  readonly id: string
  /** When the snapshot was taken, epoch milliseconds. */
  readonly takenAt: number
  readonly organisation: string
  /** Version of Fortnight that wrote it, and of its database. */
  readonly fortnight: string
  readonly postgres: string
  /** Derived from the root key: tells whether keys belong to this backup, and nothing else. */
  readonly keyCheck: string
  readonly migrations: readonly { readonly name: string; readonly sha256: string }[]
  /** In the order of the file, with the columns in the order of their rows. */
  readonly tables: readonly { readonly name: string; readonly columns: readonly string[] }[]
}

export type TableSum = {
  readonly name: string
  readonly rows: number
  readonly bytes: number
  /** Hexadecimal, over the bytes of all its parts. */
  readonly sha256: string
}

export type LedgerHead = {
  readonly log: string
  readonly origin: string
  readonly size: number
  /** Base64, as in a checkpoint. */
  readonly root: string
}

/** Last in the file, so that a file without it was cut short. */
export type BackupManifest = {
  readonly id: string
  /** Of the head's bytes. */
  readonly head: string
  readonly tables: readonly TableSum[]
  readonly sequences: readonly { readonly name: string; readonly value: number }[]
  readonly blobs: {
    readonly files: number
    readonly bytes: number
    /** Of the hash lists, one after the other. */
    readonly sha256: string
    /** Named by the snapshot and not found in the store: erased since, or lost before. */
    readonly gone: readonly string[]
  }
  readonly ledger: readonly LedgerHead[]
}

export const HEAD_ENTRY = 'backup.json'
export const MANIFEST_ENTRY = 'manifest.json'
/** Vouches for the manifest: by a hash for everybody, and by a seal that only the installation's keys make. */
export const SEAL_ENTRY = 'manifest.seal'

export type Seal = {
  /** Of the manifest's bytes. */
  readonly sha256: string
  /** HMAC-SHA256 of the manifest's bytes under a key derived from the root key. */
  readonly hmac: string
}
export const sealText = ({ sha256, hmac }: Seal): string => `sha256 ${sha256}\nhmac ${hmac}\n`
export const parseSeal = (text: string): Seal | undefined => {
  const [, sha256, hmac] = /^sha256 ([0-9a-f]{64})\nhmac ([0-9a-f]{64})\n$/.exec(text) ?? []
  return sha256 && hmac ? { sha256, hmac } : undefined
}

const numbered = (n: number): string => String(n).padStart(6, '0')
export const rowsEntry = (table: string, part: number): string => `tables/${table}/${numbered(part)}.copy`
export const blobEntry = (name: string): string => `blobs/${name}.enc`
export const hashListEntry = (part: number): string => `blob-hashes/${numbered(part)}.sha256`

/** A line of a hash list, as `sha256sum --check` reads it. */
export const hashLine = (name: string, sha256: string): string => `${sha256}  ${blobEntry(name)}\n`
/** So many files share one hash list at most. */
export const FILES_A_LIST = 5_000

export type EntryKind =
  | { readonly kind: 'head' | 'manifest' | 'seal' }
  | { readonly kind: 'rows'; readonly table: string }
  | { readonly kind: 'blob'; readonly name: string }
  | { readonly kind: 'hash-list' }

/** Undefined for a name that no backup of ours holds: a path of somebody's choosing, for one. */
export const entryKind = (name: string): EntryKind | undefined => {
  if (name === HEAD_ENTRY) return { kind: 'head' }
  if (name === MANIFEST_ENTRY) return { kind: 'manifest' }
  if (name === SEAL_ENTRY) return { kind: 'seal' }
  if (/^blob-hashes\/\d{6}\.sha256$/.test(name)) return { kind: 'hash-list' }
  const table = /^tables\/([a-z_][a-z0-9_]{0,62})\/\d{6}\.copy$/.exec(name)?.[1]
  if (table !== undefined) return { kind: 'rows', table }
  const blob = /^blobs\/([a-z0-9-]+(?:\/[a-z0-9-]+)*)\.enc$/.exec(name)?.[1]
  return blob === undefined ? undefined : { kind: 'blob', name: blob }
}
