/** The worker's part: gathers, builds, verifies and stores a pack, and says in the log that evidence was exported. */
import { newBlobKey, putBlob } from '../../platform/blobs.ts'
import type { Ctx } from '../../platform/context.ts'
import { bodyOf } from '../../platform/event-body.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import type { Task } from '../../platform/tasks/task.ts'
import { isRetired, ledgerSigner } from '../ledger/index.ts'
import { evidenceExported, packFailed } from './events.ts'
import { makePackInThread, type MadePack } from './pack-thread.ts'
import { NotCaughtUp, PackRefused } from './refuse-pack.ts'
import { endPack, findPack, lockPack, noteStep, type PackRow } from './store.ts'

/** How long a pack waits until what was recorded before it was asked for is under a signed head. */
const CATCH_UP_PATIENCE_MS = 60_000
const LOOK_AGAIN_MS = 500
/** After this many attempts whoever waits is told. */
export const MOST_ATTEMPTS = 4

export type PackTask = { readonly packId: string }

export const blobNameOf = (packId: string): string => `packs/${packId}`

/** Where this is said: in the log of each environment that the pack shows, or in the organisation's. */
export const placesOf = (pack: PackRow): { customerId?: string; environmentId?: string }[] =>
  pack.environment_ids.length === 0
    ? [{}]
    : pack.environment_ids.map((environmentId) => ({ environmentId, customerId: pack.customer_id ?? '' }))

const failWith = async (ctx: Ctx, packId: string, refusal: PackRefused): Promise<void> => {
  const { code, message: detail, findings } = refusal
  if (code === 'evidence-contradicts')
    ctx.log.error({ packId, findings }, 'an audit pack was refused: what is stored contradicts the log')
  await record<unknown>(ctx, async (tx) => {
    const pack = await lockPack(tx.db, packId)
    if (pack?.status !== 'building') return NOTHING_CHANGED
    const eventId = tx.append(packFailed, {
      stream: packId,
      body: { code, detail, findings: [...findings] },
    })
    await endPack(tx.db, packId, { status: 'failed', outcome_event_id: eventId, ended_at: tx.now })
    return true
  })
}

const sayExported = (tx: WriteTx, pack: PackRow, { zip, sha256, entries }: MadePack): string => {
  const ids = placesOf(pack).map((place) =>
    tx.append(evidenceExported, {
      stream: pack.id,
      ...place,
      refs: [['pack', pack.id]],
      body: {
        pack: pack.id,
        requestedBy: pack.requested_by,
        from: pack.from_at,
        to: pack.to_at,
        entries,
        size: zip.length,
        sha256: Buffer.from(sha256).toString('hex'),
      },
    }),
  )
  return ids[0] ?? ''
}

/** The bytes lie encrypted under a key of their own: withdrawing the pack is destroying that key. */
const store = (ctx: Ctx, packId: string, made: MadePack): Promise<unknown> =>
  record<unknown>(ctx, async (tx) => {
    const pack = await lockPack(tx.db, packId)
    // Words that it holds were erased while it was made.
    if (pack?.status !== 'building') return NOTHING_CHANGED
    const { zip, sha256 } = made
    await newBlobKey(ctx.platform, tx.db, pack.id, tx.now)
    await putBlob(ctx.platform, tx.db, {
      name: blobNameOf(pack.id),
      keyId: pack.id,
      customerId: pack.customer_id,
      bytes: zip,
      at: tx.now,
    })
    const eventId = sayExported(tx, pack, made)
    await endPack(tx.db, pack.id, {
      status: 'ready',
      outcome_event_id: eventId,
      ended_at: tx.now,
      size: zip.length,
      sha256: Buffer.from(sha256),
      entries: made.entries,
      ends: made.ends,
    })
    return true
  })

const build = async (ctx: Ctx, pack: PackRow, purpose: string): Promise<void> => {
  const { platform } = ctx
  const signer = ledgerSigner(platform)
  if (!signer)
    throw new PackRefused(
      'key-missing',
      'The worker that builds packs was not given the ledger key, so it cannot sign one. Give it the key folder and ask again.',
    )
  if (await isRetired(platform, signer))
    throw new PackRefused(
      'key-missing',
      'The worker that builds packs holds a ledger key that was retired. Give it the new key folder, restart it, and ask again.',
    )
  const step = (words: string): Promise<void> =>
    noteStep(platform.database.db, pack.id, words, platform.clock.now())
  await store(ctx, pack.id, await makePackInThread(platform, { pack, purpose }, step))
}

const minutes = (ms: number): string =>
  ms < 120_000 ? `${Math.round(ms / 1000)} seconds` : `${Math.round(ms / 60_000)} minutes`

/** @param again puts the task back for a little later */
export const runBuild = async (
  ctx: Ctx,
  { packId }: PackTask,
  task: Task,
  again: (dueAt: number) => Promise<void>,
): Promise<void> => {
  const { clock, database } = ctx.platform
  const row = await findPack(database.db, packId)
  if (row?.status !== 'building') return
  try {
    await build(ctx, row, String(bodyOf(row.requested_disclosures)['purpose'] ?? ''))
  } catch (error) {
    const now = clock.now()
    if (error instanceof PackRefused) return failWith(ctx, packId, error)
    if (error instanceof NotCaughtUp) {
      if (now - row.requested_at < CATCH_UP_PATIENCE_MS) {
        await noteStep(
          database.db,
          packId,
          `Waiting for ${error.waiting} entries to be signed into the log`,
          now,
        )
        return again(now + LOOK_AGAIN_MS)
      }
      const detail = `${error.waiting} entries have waited for ${minutes(now - row.requested_at)} to be signed into the log. Look at the Evidence page: either no process with the ledger key sequences, or a recovery has to be recorded. Then ask again.`
      return failWith(ctx, packId, new PackRefused('evidence-waits', detail))
    }
    if (error instanceof TypeError)
      return failWith(
        ctx,
        packId,
        new PackRefused('evidence-contradicts', `What is stored makes no pack: ${error.message}.`),
      )
    if (task.attempt < MOST_ATTEMPTS) throw error
    ctx.log.error({ packId, err: (error as Error).message }, 'an audit pack could not be built')
    return failWith(
      ctx,
      packId,
      new PackRefused(
        'unexpected',
        'Something went wrong while the pack was built. The server log says what; ask again.',
      ),
    )
  }
}
