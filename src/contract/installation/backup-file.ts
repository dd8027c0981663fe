/** Shapes of the two documents inside a backup file: its head and its manifest. */
import { z } from 'zod'
import { FORMAT } from '../../domain/installation/backup/format.ts'
import type { BackupHead, BackupManifest } from '../../domain/installation/backup/format.ts'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
/** Names of tables, columns and sequences as our migrations write them. */
const sqlName = z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/)
const count = z.number().int().min(0)

export const backupHead: z.ZodType<BackupHead> = z.object({
  format: z.literal(FORMAT),
  v: count,
  id: z.uuid(),
  takenAt: count,
  organisation: z.string(),
  fortnight: z.string(),
  postgres: z.string(),
  keyCheck: z.string(),
  migrations: z.array(z.object({ name: z.string().regex(/^\d{4}-[a-z0-9-]+\.sql$/), sha256 })),
  tables: z.array(z.object({ name: sqlName, columns: z.array(sqlName).min(1) })),
})

export const backupManifest: z.ZodType<BackupManifest> = z.object({
  id: z.uuid(),
  head: sha256,
  tables: z.array(z.object({ name: sqlName, rows: count, bytes: count, sha256 })),
  sequences: z.array(z.object({ name: sqlName, value: count })),
  blobs: z.object({ files: count, bytes: count, sha256, gone: z.array(z.string()) }),
  ledger: z.array(z.object({ log: z.uuid(), origin: z.string(), size: count, root: z.string() })),
})
