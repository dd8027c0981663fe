/** Packs as lists and details, and their bytes, whose taking is recorded before the first of them is sent. */
import type { auditPackRoutes } from '../../../contract/evidence/audit-packs.ts'
import type { InputOf, ReplyOf } from '../../../contract/route.ts'
import { may } from '../../../domain/people/permissions.ts'
import { namesOf, type PersonName } from '../../people/index.ts'
import { getBlob } from '../../platform/blobs.ts'
import type { Ctx } from '../../platform/context.ts'
import { actorId } from '../../platform/actor.ts'
import { bodyOf } from '../../platform/event-body.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { cutPage, DEFAULT_LIMIT, readKeyset } from '../../platform/keyset.ts'
import { NOTHING_CHANGED, read, record } from '../../platform/record.ts'
import { blobNameOf, placesOf } from './build-pack.ts'
import { evidenceDownloaded } from './events.ts'
import { findPack, findPacks, wasDownloadedSince, type PackViewRow } from './store.ts'
import { KEPT_MS } from './withdraw-packs.ts'

type PackReply = ReplyOf<typeof auditPackRoutes.getPack>

const failureOf = (row: PackViewRow): PackReply['failure'] => {
  if (row.status === 'withdrawn') {
    const erased = bodyOf(row.outcome_disclosures)['why'] === 'words-erased'
    return {
      code: 'withdrawn',
      detail: erased
        ? 'Words that this pack holds were erased since. Ask for a new one.'
        : 'A pack is kept for seven days. Ask for a new one.',
      findings: [],
    }
  }
  if (row.status !== 'failed') return null
  const { code, detail, findings } = bodyOf(row.outcome_disclosures)
  return {
    code: String(code ?? 'unexpected'),
    detail: String(detail ?? 'The reason was erased.'),
    findings: Array.isArray(findings) ? findings.map(String) : [],
  }
}

const present = (ctx: Ctx, row: PackViewRow, names: ReadonlyMap<string, PersonName>): PackReply => {
  const purpose = bodyOf(row.requested_disclosures)['purpose']
  const ready = row.status === 'ready'
  return {
    id: row.id,
    status: row.status,
    step: row.status === 'building' ? (row.step ?? 'Waiting for a worker') : null,
    environments: row.environments,
    from: row.from_at,
    to: row.to_at,
    purpose: typeof purpose === 'string' ? purpose : null,
    requestedBy: { id: row.requested_by, name: names.get(row.requested_by)?.name ?? 'Somebody' },
    requestedAt: row.requested_at,
    endedAt: row.ended_at,
    size: row.size,
    sha256: row.sha256?.toString('hex') ?? null,
    entries: row.entries,
    failure: failureOf(row),
    downloadUrl: ready && may(ctx.actor, 'evidence.export') ? `/api/evidence/packs/${row.id}/download` : null,
    keptUntil: ready && row.ended_at !== null ? row.ended_at + KEPT_MS : null,
  }
}

export const listPacks = (
  ctx: Ctx,
  input: InputOf<typeof auditPackRoutes.listPacks>,
): Promise<ReplyOf<typeof auditPackRoutes.listPacks>> =>
  read(ctx, async (db) => {
    const limit = input.limit ?? DEFAULT_LIMIT
    const rows = await findPacks(db, limit + 1, readKeyset(input.after).before)
    const { shown, next } = cutPage(rows, limit, (row) => [row.requested_at, row.id])
    const names = await namesOf(
      db,
      shown.map((row) => row.requested_by),
    )
    return { rows: shown.map((row) => present(ctx, row, names)), next }
  })

export const getPack = (ctx: Ctx, { packId }: { packId: string }): Promise<PackReply> =>
  read(ctx, async (db) => {
    const row = await findPack(db, packId)
    if (!row) throw notFound('This pack')
    return present(ctx, row, await namesOf(db, [row.requested_by]))
  })

/** Fetching the same pack again within this time is one taking. */
const ONE_TAKING_MS = 10 * 60_000

const noteTaking = (ctx: Ctx, row: PackViewRow): Promise<unknown> => {
  const by = actorId(ctx.actor) ?? ''
  return record<unknown>(ctx, async (tx) => {
    if (await wasDownloadedSince(tx.db, row.id, by, tx.now - ONE_TAKING_MS)) return NOTHING_CHANGED
    for (const place of placesOf(row))
      tx.append(evidenceDownloaded, {
        stream: row.id,
        ...place,
        refs: [['pack', row.id]],
        body: { pack: row.id, by, sha256: row.sha256?.toString('hex') ?? '' },
      })
    return true
  })
}

const fileNameOf = (row: PackViewRow): string => {
  const places = row.environments.map(({ slug }) => slug).join('_') || 'organisation'
  const day = (at: number): string => new Date(at).toISOString().slice(0, 10)
  return `audit-pack-${places.slice(0, 80)}-${day(row.from_at)}-${day(row.to_at)}.zip`
}

export const takePack = async (
  ctx: Ctx,
  { packId }: { packId: string },
): Promise<{ bytes: Buffer; fileName: string }> => {
  const row = await read(ctx, (db) => findPack(db, packId))
  if (!row) throw notFound('This pack')
  if (row.status !== 'ready')
    throw new Fault(
      'conflict',
      row.status === 'building'
        ? 'This pack is still being built.'
        : (failureOf(row)?.detail ?? 'There is no such file.'),
    )
  const bytes = await getBlob(ctx.platform, ctx.platform.database.db, blobNameOf(packId))
  await noteTaking(ctx, row)
  return { bytes, fileName: fileNameOf(row) }
}
