/** A backup is believed when every byte of it adds up, and a person is told in a sentence when it does not. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { backupHead, backupManifest } from './backup-file.ts'
import {
  entryKind,
  hashLine,
  sealText,
  type BackupHead,
  type BackupManifest,
} from '../../domain/installation/backup/format.ts'
import {
  readBackup,
  type BackupPart,
  type ReadingTools,
} from '../../domain/installation/backup/read-backup.ts'
import { TAR_END, tarHeader, tarPadding } from '../../domain/installation/backup/tar.ts'
import { UnusableBackup } from '../../domain/installation/backup/unusable-backup.ts'

const sha256 = (...parts: Uint8Array[]): string =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex')

const tools: ReadingTools = {
  newSha256: () => {
    const hash = createHash('sha256')
    return { update: (bytes) => hash.update(bytes), hex: () => hash.digest('hex') }
  },
  asHead: (json) => backupHead.parse(json),
  asManifest: (json) => backupManifest.parse(json),
}

const id = '01890000-0000-7000-8000-000000000001'
const head: BackupHead = {
  format: 'fortnight-backup',
  v: 1,
  id,
  takenAt: 1_800_000_000_000,
  organisation: 'Example',
  fortnight: '0.1.0',
  postgres: '18.4',
  keyCheck: 'x',
  migrations: [{ name: '0001-platform.sql', sha256: 'a'.repeat(64) }],
  tables: ['accounts', 'alerts', 'events'].map((name) => ({ name, columns: ['id', 'text'] })),
}
const rows = {
  accounts: [Buffer.from('1\tada\n2\tb\\no\n'), Buffer.from('3\t\\N\n')],
  events: [Buffer.from('9\tx\n')],
}
const blobs: [string, Buffer][] = [
  ['recordings/one', Buffer.alloc(600, 1)],
  ['recordings/two', Buffer.alloc(3, 2)],
]
const hmac = 'c'.repeat(64)
const documentOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))
const headBytes = documentOf(head)
const list = Buffer.from(blobs.map(([name, bytes]) => hashLine(name, sha256(bytes))).join(''))
const sum = (name: keyof typeof rows, count: number) => ({
  name,
  rows: count,
  bytes: Buffer.concat(rows[name]).length,
  sha256: sha256(...rows[name]),
})
const manifest: BackupManifest = {
  id,
  head: sha256(headBytes),
  tables: [sum('accounts', 3), { name: 'alerts', rows: 0, bytes: 0, sha256: sha256() }, sum('events', 1)],
  sequences: [{ name: 'events_position_seq', value: 9 }],
  blobs: { files: 2, bytes: 603, sha256: sha256(list), gone: [] },
  ledger: [],
}

type Entry = readonly [name: string, bytes: Uint8Array]
const entries: Entry[] = [
  ['backup.json', headBytes],
  ['tables/accounts/000001.copy', rows.accounts[0] as Buffer],
  ['tables/accounts/000002.copy', rows.accounts[1] as Buffer],
  ['tables/events/000001.copy', rows.events[0] as Buffer],
  ...blobs.map(([name, bytes]) => [`blobs/${name}.enc`, bytes] as const),
  ['blob-hashes/000001.sha256', list],
  ['manifest.json', documentOf(manifest)],
  ['manifest.seal', Buffer.from(sealText({ sha256: sha256(documentOf(manifest)), hmac }))],
]
const archive = (of: readonly Entry[]): Buffer =>
  Buffer.concat([
    ...of.flatMap(([name, bytes]) => [tarHeader(name, bytes.length, 0), bytes, tarPadding(bytes.length)]),
    TAR_END,
  ])

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
const readAll = async (bytes: Uint8Array, drain = true): Promise<BackupPart[]> => {
  const parts: BackupPart[] = []
  for await (const part of readBackup(once(bytes), tools)) {
    parts.push(part)
    if (drain && 'bytes' in part && part.kind !== 'manifest') for await (const _ of part.bytes) continue
  }
  return parts
}
const refused = (of: readonly Entry[], why?: RegExp) =>
  assert.rejects(readAll(archive(of)), (error) => {
    assert.ok(error instanceof UnusableBackup, String(error))
    if (why) assert.match(error.message, why)
    return true
  })

test('a whole backup is read to its manifest, whether or not somebody looks at its contents', async () => {
  for (const drain of [true, false]) {
    const parts = await readAll(archive(entries), drain)
    assert.deepEqual(
      parts.map(({ kind }) => kind),
      ['head', 'rows', 'rows', 'rows', 'blob', 'blob', 'manifest'],
    )
    const last = parts.at(-1)
    assert.ok(last?.kind === 'manifest' && last.seal === hmac)
    assert.deepEqual(last.manifest, manifest)
  }
})

test('a changed byte is found wherever it lies', async () => {
  const whole = archive(entries)
  // All but the digits of the HMAC, which only the keys can judge.
  const means = (at: number): boolean => {
    let offset = 0
    for (const [name, bytes] of entries) {
      const end = offset + 512 + bytes.length
      if (name === 'manifest.seal' && at >= end - 65 && at < end - 1) return false
      offset = end + tarPadding(bytes.length).length
    }
    return true
  }
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: whole.length - 1 }).filter(means),
      fc.integer({ min: 1, max: 255 }),
      async (at, flip) => {
        const spoilt = Buffer.from(whole)
        spoilt[at] = (spoilt[at] ?? 0) ^ flip
        const parts = await readAll(spoilt).catch((error: unknown) => {
          assert.ok(error instanceof UnusableBackup, String(error))
          return undefined
        })
        assert.equal(parts, undefined, `byte ${at}`)
      },
    ),
    { numRuns: Number(process.env['FORTNIGHT_RUNS'] ?? 300) },
  )
})

test('an entry that is missing, twice, out of place or strange is refused', async () => {
  for (const [n, [name]] of entries.entries()) {
    if (n > 0) await refused(entries.toSpliced(n, 1))
    await refused(entries.toSpliced(n, 0, entries[n] as Entry))
    assert.ok(name)
  }
  await refused(entries.toSpliced(0, 1), /not a backup of Fortnight/)
  await refused([...entries, ['blobs/late.enc', new Uint8Array(1)]], /does not belong there/)
  await refused(
    entries.toSpliced(1, 0, ['tables/unknown/000001.copy', Buffer.from('1\n')]),
    /not where they belong/,
  )
  await refused(
    entries.toSpliced(4, 0, ['tables/accounts/000003.copy', Buffer.from('1\n')]),
    /not where they belong/,
  )
  await refused(
    entries.toSpliced(1, 0, ['blobs/../../etc/passwd.enc', new Uint8Array(1)]),
    /does not belong there/,
  )
})

test('head and manifest of two backups do not pass for one', async () => {
  const other = documentOf({ ...head, organisation: 'Other' })
  await refused(entries.toSpliced(0, 1, ['backup.json', other]), /do not belong together/)
})

test('a manifest that lies about rows, bytes or files is refused', async () => {
  const lies: BackupManifest[] = [
    { ...manifest, tables: manifest.tables.map((table) => ({ ...table, rows: table.rows + 1 })) },
    { ...manifest, tables: manifest.tables.slice(1) },
    { ...manifest, blobs: { ...manifest.blobs, files: 3 } },
    { ...manifest, blobs: { ...manifest.blobs, bytes: 1 } },
    { ...manifest, blobs: { ...manifest.blobs, sha256: sha256() } },
  ]
  for (const lie of lies) {
    const at = entries.findIndex(([name]) => name === 'manifest.json')
    await refused(entries.toSpliced(at, 1, ['manifest.json', documentOf(lie)]))
  }
})

test('names of entries lead nowhere but into the folders they belong to', () => {
  for (const name of [
    '../x',
    '/etc/passwd',
    'blobs/a/../b.enc',
    'blobs/.enc',
    'blobs/A.enc',
    'tables/a;b/000001.copy',
    'blobs//a.enc',
  ])
    assert.equal(entryKind(name), undefined, name)
  assert.deepEqual(entryKind('blobs/recordings/a-1/000001.enc'), {
    kind: 'blob',
    name: 'recordings/a-1/000001',
  })
})
