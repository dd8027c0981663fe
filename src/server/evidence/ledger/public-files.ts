/** The files that witnesses, monitors and auditors fetch: checkpoints, tiles, entry bundles (C2SP tlog-tiles), keys. */
import type { FastifyReply } from 'fastify'
import {
  encodeEntries,
  encodeTile,
  formatVkey,
  parseTilePath,
  TILE_WIDTH,
  type TileId,
} from '../../../domain/evidence/ledger/index.ts'
import { may } from '../../../domain/people/permissions.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { raw, type RawReply } from '../../platform/http/raw-reply.ts'
import { ledgerSigner, packKeyName, verifierFor, type LedgerSigner } from './keys.ts'
import { recordedRotations } from './rotations.ts'
import { openTree } from './tree.ts'
import { findEntries } from './tree-store.ts'
import { findNewestCheckpoint, findOrigins, type OriginRow } from './view-store.ts'

const FOR_EVER = 'public, max-age=31536000, immutable'
const TEXT = 'text/plain; charset=utf-8'

const NO_LOGS_SHOWN =
  '# The keys of logs are shown to who is signed in, and with ?log= to who knows the id of one.\n'

const bytes = (content: Uint8Array, cache: string): RawReply =>
  raw((reply: FastifyReply) =>
    reply.type('application/octet-stream').header('cache-control', cache).send(Buffer.from(content)),
  )

export const getCheckpoint = async (ctx: Ctx, { log }: { log: string }): Promise<RawReply> => {
  const checkpoint = await findNewestCheckpoint(ctx.platform.database.db, log)
  if (!checkpoint) throw notFound('A checkpoint of this log')
  return raw((reply) => reply.type(TEXT).header('cache-control', 'no-cache').send(checkpoint.note))
}

/** Only what a published checkpoint covers is handed out, so that nobody sees a tree that was never signed. */
const publishedTile = async (ctx: Ctx, log: string, path: string): Promise<TileId & { cache: string }> => {
  const tile = parseTilePath(`tile/${path}`)
  const size = (await findNewestCheckpoint(ctx.platform.database.db, log))?.size ?? 0
  if (!tile) throw notFound('This tile')
  const level = tile.level === 'entries' ? 0 : tile.level
  const complete = Math.floor(size / TILE_WIDTH ** level)
  if (tile.index * TILE_WIDTH + tile.width > complete) throw notFound('This tile')
  return { ...tile, cache: tile.width === TILE_WIDTH ? FOR_EVER : 'no-cache' }
}

type TileInput = { readonly log: string; readonly '*': string }

export const getHashTile = async (ctx: Ctx, { log, '*': path }: TileInput): Promise<RawReply> => {
  const { level, index, width, cache } = await publishedTile(ctx, log, path)
  if (level === 'entries') throw notFound('This tile')
  const hashes = await openTree(ctx.platform.database.db, log).tile(level, index, width)
  return bytes(encodeTile(hashes), cache)
}

export const getEntryBundle = async (ctx: Ctx, { log, '*': path }: TileInput): Promise<RawReply> => {
  const { index, width } = await publishedTile(ctx, log, `entries/${path}`)
  const first = index * TILE_WIDTH
  const entries = await findEntries(ctx.platform.database.db, log, first, first + width)
  if (entries.length !== width) throw new Fault('unexpected', 'Entries of this log are missing.')
  // Not for shared caches: who may read it is asked each time.
  return bytes(encodeEntries(entries.map(({ leaf }) => leaf)), 'private, no-store')
}

/** A policy in the words of docs/audit-pack.md; what stands in it counts only once it came to the auditor by another way. */
export const keysText = (
  signer: LedgerSigner,
  organisationOrigin: string,
  origins: readonly string[],
  rotations: readonly { readonly old: Uint8Array; readonly at: string }[],
): string =>
  [
    '# Keys that sign the checkpoints and audit packs of this installation.',
    '# Compare them with those that reached you by another way than this address or a pack.',
    ...origins.map((origin) => `log ${formatVkey(signer.verifierOf(origin))}`),
    `pack ${formatVkey(signer.verifierOf(packKeyName(organisationOrigin)))}`,
    ...rotations.flatMap(({ old, at }) => [
      `# Retired ${at}: counts for what was signed before.`,
      ...origins.map((origin) => `log ${formatVkey(verifierFor(old, origin))}`),
      `pack ${formatVkey(verifierFor(old, packKeyName(organisationOrigin)))}`,
    ]),
    '',
  ].join('\n')

export const originOfOrganisation = (origins: readonly OriginRow[]): string =>
  origins.find((row) => row.environment_id === null)?.origin ?? ''

/** How many logs there are, and their ids with which anybody reads their sizes, says how many environments who has. */
const mayBeToldOf = ({ actor }: Ctx, row: OriginRow): boolean =>
  actor.kind === 'contact' ? row.customer_id === actor.customerId : may(actor, 'environments.read')

/** The logs that the reader may know of, or the one whose id they know already, from a pack say. */
export const getKeys = async (ctx: Ctx, { log }: { log?: string | undefined }): Promise<RawReply> => {
  const signer = ledgerSigner(ctx.platform)
  if (!signer)
    throw new Fault(
      'unavailable',
      'This process was not given the ledger key. Ask the one that sequences, or look into the contract.',
    )
  const all = await findOrigins(ctx.platform.database.db)
  const shown = all.filter((row) => (log === undefined ? mayBeToldOf(ctx, row) : row.id === log))
  if (log !== undefined && shown.length === 0) throw notFound('This log')
  const text = keysText(
    signer,
    originOfOrganisation(all),
    shown.map((row) => row.origin),
    await recordedRotations(ctx.platform.database.db),
  )
  const hint = shown.length === 0 ? NO_LOGS_SHOWN : ''
  return raw((reply) =>
    reply
      .type(TEXT)
      .header('cache-control', 'private, no-cache')
      .send(hint + text),
  )
}
