/** Hands out a consistent backup of rows and files as a stream, while everything goes on. Keys are not in it. */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createGzip, type Gzip, type ZlibParams } from 'node:zlib'
import type { FastifyRequest } from 'fastify'
import { FORMAT, FORMAT_VERSION } from '../../domain/installation/backup/format.ts'
import { findInstallation } from '../people/index.ts'
import { blobFolder } from '../platform/blobs.ts'
import type { Ctx } from '../platform/context.ts'
import { Fault } from '../platform/faults.ts'
import { raw, type RawReply } from '../platform/http/raw-reply.ts'
import { record } from '../platform/record.ts'
import { VERSION } from '../platform/version.ts'
import { keyCheckOf, sealOf } from './archive/key-check.ts'
import { writeBackup, type BackupSource } from './archive/write-backup.ts'
import { installationBackedUp } from './events.ts'
import { openSnapshot } from './store/snapshot.ts'

/** Text of rows shrinks well at the lowest level already; higher ones cost several times the processor for a tenth. */
const GZIP_LEVEL = 1
/** A reader that takes nothing for so long is gone: its snapshot would hold back the database's cleaning. */
const PATIENCE_MS = 120_000

/** @returns the name of the organisation */
const recordAct = (ctx: Ctx, backupId: string): Promise<string> =>
  record(ctx, async (tx) => {
    const installation = await findInstallation(tx.db)
    if (!installation) throw new Fault('unavailable', 'This installation has not finished its first start.')
    tx.append(installationBackedUp, { stream: installation.id, body: { backupId } })
    return installation.organisation
  })

/** @returns the source, its snapshot open; whoever has it must read it or close it */
const openSource = async (ctx: Ctx): Promise<BackupSource> => {
  const { platform } = ctx
  const { derive } = platform.secrets
  const takenAt = platform.clock.now()
  const id = platform.ids.next(takenAt)
  let organisation = ''
  // The act comes first, so that the backup itself says that it was taken.
  const snapshot = await openSnapshot(platform.database.pool, async () => {
    organisation = await recordAct(ctx, id)
  })
  if (!snapshot)
    throw new Fault('conflict', 'A backup is being taken at this moment. Wait until it has ended.')
  return {
    snapshot,
    about: {
      format: FORMAT,
      v: FORMAT_VERSION,
      id,
      takenAt,
      organisation,
      fortnight: VERSION,
      keyCheck: keyCheckOf(derive),
    },
    blobFolder: blobFolder(platform),
    seal: (manifest) => sealOf(derive, manifest),
  }
}

/** Calls `giveUp` when nobody takes the next piece for too long. */
async function* withPatience(
  pieces: AsyncGenerator<Uint8Array>,
  giveUp: () => void,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    const timer = setTimeout(giveUp, PATIENCE_MS)
    try {
      yield piece
    } finally {
      clearTimeout(timer)
    }
  }
}

/** Every stream of zlib's deflate has `params` (Node.js, zlib.params); the types know it of one of them only. */
const compressNoMore = (archive: Gzip): void =>
  (archive as unknown as Pick<ZlibParams, 'params'>).params(
    constants.Z_NO_COMPRESSION,
    constants.Z_DEFAULT_STRATEGY,
    () => undefined,
  )

export const backUp = async (ctx: Ctx, _input: unknown, request: FastifyRequest): Promise<RawReply> => {
  // HEAD asks what a GET would say; it takes no backup.
  if (request.method === 'HEAD') return raw((reply) => reply.type('application/gzip').send())
  const source = await openSource(ctx)
  const day = new Date(source.about.takenAt).toISOString().slice(0, 16).replace(/[-:]/g, '')
  return raw((reply) => {
    const archive = createGzip({ level: GZIP_LEVEL })
    const giveUp = (): void => void archive.destroy(new Error('its reader stands still'))
    const bytes = writeBackup({ ...source, filesFollow: () => compressNoMore(archive) })
    pipeline(Readable.from(withPatience(bytes, giveUp)), archive)
      .catch((error: Error) => {
        // A cut connection is how the reader learns that this is no whole backup.
        ctx.log.error({ requestId: ctx.requestId, err: error.message }, 'a backup ended before its end')
      })
      // Also when nobody ever read a byte, so that the archive was never begun.
      .finally(() => source.snapshot.close(true))
    return reply
      .type('application/gzip')
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; filename="fortnight-backup-${day}.tar.gz"`)
      .header('x-fortnight-backup', source.about.id)
      .send(archive)
  })
}
