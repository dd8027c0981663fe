/** What the Evidence view shows: logs, what waits, what contradicts, entries and one entry with its proof. */
import type { ledgerRoutes } from '../../../contract/evidence/ledger.ts'
import type { InputOf, ReplyOf } from '../../../contract/route.ts'
import {
  base64Of,
  decodeLeaf,
  digestOfDisclosure,
  inclusionProof,
  inclusionRanges,
} from '../../../domain/evidence/ledger/index.ts'
import { may } from '../../../domain/people/permissions.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import { namesOf, type PersonName } from '../../people/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Db } from '../../platform/database.ts'
import { bodyOf } from '../../platform/event-body.ts'
import { sha256 } from '../../platform/evidence-outbox.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { DEFAULT_LIMIT } from '../../platform/keyset.ts'
import { read } from '../../platform/record.ts'
import { headlineOf } from './headline.ts'
import { findHeld, findOpenContradictions } from './recovery-store.ts'
import { openTree, subtreesOfRanges } from './tree.ts'
import {
  findEntryView,
  findEntryViews,
  findEnvironmentOfLog,
  findErasuresOf,
  findLogs,
  findNewestCheckpoint,
  findSequencer,
  type EntryViewRow,
  type LogRow,
} from './view-store.ts'

type LedgerReply = ReplyOf<typeof ledgerRoutes.getLedger>
type EntryRowReply = ReplyOf<typeof ledgerRoutes.listLedgerEntries>['rows'][number]

/** A sequencer shows life every five seconds. */
const ABSENT_AFTER_MS = 20_000

const environmentOf = (row: LogRow) =>
  row.environment_id === null
    ? null
    : { id: row.environment_id, slug: row.environment_slug ?? '', name: row.environment_name ?? '' }

const presentLog = (row: LogRow, now: number): LedgerReply['logs'][number] => ({
  id: row.id,
  origin: row.origin,
  environment: environmentOf(row),
  size: row.size ?? 0,
  root: row.root ? base64Of(row.root) : null,
  checkpoint:
    row.cp_size === null || row.cp_root === null || row.cp_signed_at === null
      ? null
      : { size: row.cp_size, root: base64Of(row.cp_root), signedAt: row.cp_signed_at },
  pending: row.pending,
  delayMs: row.oldest_at === null ? 0 : Math.max(0, now - row.oldest_at),
  windows: row.windows,
  createdAt: row.created_at,
})

const contradictionsOf = async (db: Db, logs: readonly LogRow[]): Promise<LedgerReply['contradictions']> => {
  const byId = new Map(logs.map((row) => [row.id, row]))
  const open = await findOpenContradictions(db)
  return Promise.all(
    open.map(async ({ log_id: log, size, root, source, found_at: foundAt }) => {
      const held = await findHeld(db, log)
      const row = byId.get(log)
      return {
        log,
        size,
        root: base64Of(root),
        source,
        foundAt,
        held: { size: held?.size ?? 0, root: base64Of(held?.root ?? sha256(new Uint8Array(0))) },
        environment: row ? environmentOf(row) : null,
      }
    }),
  )
}

export const getLedger = (ctx: Ctx): Promise<LedgerReply> =>
  read(ctx, async (db) => {
    const now = ctx.platform.clock.now()
    const rows = await findLogs(db)
    const sequencer = await findSequencer(db)
    const logs = rows.map((row) => presentLog(row, now))
    const contradictions = await contradictionsOf(db, rows)
    const present = sequencer !== undefined && now - sequencer.seen_at < ABSENT_AFTER_MS
    return {
      sequencer: {
        state: contradictions.length > 0 ? 'stopped' : present ? 'at-work' : 'absent',
        since: sequencer?.elected_at ?? null,
        seenAt: sequencer?.seen_at ?? null,
      },
      pending: logs.reduce((sum, log) => sum + log.pending, 0),
      delayMs: Math.max(0, ...logs.map((log) => log.delayMs)),
      contradictions,
      logs,
      keysUrl: '/evidence/keys.txt',
      can: {
        export: may(ctx.actor, 'evidence.export'),
        recover: may(ctx.actor, 'evidence.recover'),
        erase: may(ctx.actor, 'evidence.erase'),
      },
    }
  })

const presentEntry = (row: EntryViewRow, names: ReadonlyMap<string, PersonName>): EntryRowReply => {
  const body = bodyOf(row.disclosures)
  const person = row.actor_id === null ? undefined : names.get(row.actor_id)
  return {
    number: row.seq,
    id: row.id,
    type: row.type,
    at: row.at,
    recordedAt: row.recorded_at,
    actor: { kind: row.actor_kind, person: person ? { id: person.id, name: person.name } : null },
    via: row.via,
    headline: headlineOf(body),
    fields: Object.keys(body).sort(),
    erasedFields: row.erased,
  }
}

const numberBefore = (after: string | undefined): { before?: number } => {
  if (after === undefined) return {}
  if (!/^\d{1,15}$/.test(after))
    throw new Fault('bad-request', 'Pass `next` of the reply before as `after`, unchanged.')
  return { before: Number(after) }
}

export const listLedgerEntries = (
  ctx: Ctx,
  input: InputOf<typeof ledgerRoutes.listLedgerEntries>,
): Promise<ReplyOf<typeof ledgerRoutes.listLedgerEntries>> =>
  read(ctx, async (db) => {
    const limit = input.limit ?? DEFAULT_LIMIT
    const found = await findEntryViews(db, {
      log: input.log,
      limit: limit + 1,
      ...numberBefore(input.after),
      ...(input.type === undefined ? {} : { type: input.type }),
    })
    const shown = found.slice(0, limit)
    const names = await namesOf(
      db,
      shown.map((row) => row.actor_id),
    )
    const last = found.length > limit ? shown.at(-1) : undefined
    return { rows: shown.map((row) => presentEntry(row, names)), next: last ? String(last.seq) : null }
  })

const proofOf = async (db: Db, row: EntryViewRow) => {
  const checkpoint = await findNewestCheckpoint(db, row.log_id)
  if (!checkpoint || checkpoint.size <= row.seq) return null
  const ranges = inclusionRanges(row.seq, checkpoint.size)
  const hashes = await openTree(db, row.log_id).subtrees(subtreesOfRanges(ranges))
  return {
    size: checkpoint.size,
    root: base64Of(checkpoint.root),
    hashes: inclusionProof(row.seq, checkpoint.size, hashes, sha256).map(base64Of),
    checkpoint: checkpoint.note,
  }
}

export const getLedgerEntry = (
  ctx: Ctx,
  { entryId }: { entryId: string },
): Promise<ReplyOf<typeof ledgerRoutes.getLedgerEntry>> =>
  read(ctx, async (db) => {
    const row = await findEntryView(db, entryId)
    if (!row) throw notFound('This entry')
    const leaf = decodeLeaf(row.leaf)
    if (isRefusal(leaf)) throw new Fault('unexpected', 'The stored bytes of this entry are damaged.')
    const erased = await findErasuresOf(db, entryId)
    const body = Object.entries(bodyOf(row.disclosures))
    return {
      ...presentEntry(row, await namesOf(db, [row.actor_id])),
      log: row.log_id,
      environment: (await findEnvironmentOfLog(db, row.log_id)) ?? null,
      refs: leaf.refs.map(([kind, id]): [string, string] => [kind, id]),
      values: body.map(([name, value], index) => ({
        name,
        value,
        digest: digestOfDisclosure(row.disclosures[index] ?? '', sha256),
      })),
      erased: erased.map((one) => ({
        field: one.field,
        digest: one.digest,
        reason: String(bodyOf(one.disclosures)['reason'] ?? ''),
        at: one.erased_at,
        byEntry: one.erased_by_event_id,
      })),
      blobs: (leaf.blobs ?? []).map(({ kind, h, n }) => ({ kind, sha256: h, size: n })),
      leaf: row.leaf.toString(),
      leafHash: base64Of(row.leaf_hash),
      proof: await proofOf(db, row),
    }
  })
