/** What an installation says of itself, the backup it gives, and what waits while it is held after a restore. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { priority } from '../operations/alerts.ts'
import { environmentRef, id, instant, line, personRef } from '../shapes.ts'

/** Where the restored state comes from. */
export const backupOrigin = z.object({ id: z.string(), takenAt: instant, ageMs: z.number().int() })
const hold = z.object({
  since: instant,
  reason: z.string(),
  /** Null when the hold was not caused by a restore. */
  backup: backupOrigin.nullable(),
})
export type Hold = z.input<typeof hold>

export const installationShape = z.object({
  organisation: z.string(),
  version: z.string(),
  /** Null unless everything that would leave the house stands still: show it on every page. */
  held: hold.nullable(),
})
export type InstallationShape = z.input<typeof installationShape>

const waitingTask = z.object({
  id,
  kind: z.string(),
  dueAt: instant,
  /** It came with the backup, rather than being written since. */
  fromBackup: z.boolean(),
  attempt: z.number().int(),
  /** What it would do, as far as its area says. */
  page: z.object({ id, title: z.string(), environment: z.string() }).nullable(),
  person: personRef.nullable(),
  channel: z.string().nullable(),
})
export type WaitingTask = z.input<typeof waitingTask>

const kindCount = z.object({
  kind: z.string(),
  waiting: z.number().int(),
  due: z.number().int(),
  fromBackup: z.number().int(),
  /** False: this kind goes on while the installation is held, because it reaches nobody outside. */
  standsStill: z.boolean(),
})
export type KindCount = z.input<typeof kindCount>

const heldPage = z.object({
  id,
  title: z.string(),
  environment: z.string(),
  status: z.enum(['open', 'acknowledged']),
  priority,
  requestedAt: instant,
  fromBackup: z.boolean(),
  /** When the next step would have begun; null when none is planned. */
  nextStepAt: instant.nullable(),
  /** Promises to tell somebody that have no outcome yet. */
  unfinishedIntents: z.number().int(),
})
export type HeldPage = z.input<typeof heldPage>

const heldAlert = z.object({
  id,
  name: z.string(),
  environment: environmentRef,
  status: z.enum(['open', 'acknowledged']),
  priority,
  openedAt: instant,
  lastSeenAt: instant.nullable(),
  fromBackup: z.boolean(),
  /** Its source has spoken of it since the restore: the alert is real now, not only in the backup. */
  seenSince: z.boolean(),
})
export type HeldAlert = z.input<typeof heldAlert>

/** Lists are cut at this many rows; the counts are whole. */
export const MOST_LISTED = 500

export const heldShape = z.object({
  held: hold.nullable(),
  /** By kind, outward ones first. */
  kinds: z.array(kindCount),
  /** What stands still, in the order in which it would fire. */
  tasks: z.array(waitingTask),
  pages: z.array(heldPage),
  alerts: z.array(heldAlert),
  /** All alerts that are not closed, and those of them that a source has reported since the restore. */
  alertCounts: z.object({ notClosed: z.number().int(), seenSince: z.number().int() }),
})
export type HeldShape = z.input<typeof heldShape>

const taskKind = z.string().regex(/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/, 'not the name of a kind of task')
export const releaseShape = z.object({
  /** Ids of tasks, or kinds; a kind means those of its tasks that came with the backup. */
  expire: z.array(z.union([id, taskKind], { error: 'neither the id nor the kind of a task' })).max(20_000),
  reason: line(500),
})
export type Release = z.output<typeof releaseShape>

export const releasedShape = z.object({
  expired: z.array(z.object({ kind: z.string(), count: z.number().int() })),
  released: z.array(z.object({ kind: z.string(), count: z.number().int() })),
  /** Ids that were named and no longer waited. */
  gone: z.array(z.string()),
})
export type Released = z.input<typeof releasedShape>

export const installationAreaRoutes = defineRoutes({
  showInstallation: {
    method: 'GET',
    path: '/api/installation',
    summary: 'The organisation, the version, and whether this installation is held after a restore',
    permission: 'installation.read',
    reply: installationShape,
  },
  backUp: {
    method: 'GET',
    path: '/api/installation/backup',
    summary: 'A consistent backup of rows and files as one .tar.gz, without keys',
    permission: 'installation.backup',
    reply: z.unknown(),
    errors: ['conflict'],
  },
  showHeld: {
    method: 'GET',
    path: '/api/installation/held',
    summary: 'What would fire if this installation were released, and what the sources still report',
    permission: 'installation.read',
    reply: heldShape,
  },
  release: {
    method: 'POST',
    path: '/api/installation/held/release',
    summary: 'Expire what should not fire any more and let the rest go',
    permission: 'installation.change',
    body: releaseShape,
    reply: releasedShape,
    errors: ['conflict'],
  },
})
