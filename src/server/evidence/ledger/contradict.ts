/** Compares a signed head of the past with what this database holds, and writes down when it is none of its own. */
import { base64Of, emptyRoot, equalBytes } from '../../../domain/evidence/ledger/index.ts'
import { systemCtx, type Ctx, type Platform } from '../../platform/context.ts'
import { sha256 } from '../../platform/evidence-outbox.ts'
import { NOTHING_CHANGED, record } from '../../platform/record.ts'
import { logContradicted } from './events.ts'
import type { KnownHead } from './known-heads.ts'
import {
  findHeld,
  findNewestCheckpoints,
  insertContradiction,
  isKnownContradiction,
} from './recovery-store.ts'
import type { ContradictionSource } from './tables.ts'
import { openTree, TreeDamaged } from './tree.ts'

export type Head = { readonly size: number; readonly root: Uint8Array }

export const heldHead = async (platform: Platform, logId: string): Promise<Head> =>
  (await findHeld(platform.database.db, logId)) ?? { size: 0, root: emptyRoot(sha256) }

/** True when the log, as this database holds it, once had exactly this head. */
export const holdsHead = async (
  platform: Platform,
  known: { logId: string; size: number; root: Uint8Array },
): Promise<boolean> => {
  const held = await heldHead(platform, known.logId)
  if (known.size > held.size) return false
  if (known.size === held.size) return equalBytes(known.root, held.root)
  try {
    return equalBytes(await openTree(platform.database.db, known.logId).rootAt(known.size), known.root)
  } catch (error) {
    if (error instanceof TreeDamaged) return false
    throw error
  }
}

/** Writes the contradiction down once; from then on nothing is sequenced. False when it was known. */
export const noteContradiction = async (
  ctx: Ctx,
  known: { logId: string; size: number; root: Uint8Array },
  source: ContradictionSource,
): Promise<boolean> => {
  const held = await heldHead(ctx.platform, known.logId)
  const written = await record<true | typeof NOTHING_CHANGED>(ctx, async (tx) => {
    const { logId, size, root } = known
    const row = { id: tx.id(), log_id: logId, size, root: Buffer.from(root), source, found_at: tx.now }
    if (!(await insertContradiction(tx.db, row))) return NOTHING_CHANGED
    tx.append(logContradicted, {
      stream: logId,
      body: {
        log: logId,
        source,
        known: { size, root: base64Of(root) },
        held: { size: held.size, root: base64Of(held.root) },
      },
    })
    return true
  })
  return written === true
}

/** What a new sequencer does before its first entry: is everything that was published still there? */
export const compareWithKnown = async (platform: Platform, inFile: readonly KnownHead[]): Promise<void> => {
  const { db } = platform.database
  const inDatabase = (await findNewestCheckpoints(db)).map((row) => ({
    logId: row.log_id,
    size: row.size,
    root: row.root,
    source: 'checkpoint' as const,
  }))
  const all = [...inFile.map((known) => ({ ...known, source: 'key-folder' as const })), ...inDatabase]
  for (const known of all) {
    if (await holdsHead(platform, known)) continue
    if (await isKnownContradiction(db, known.logId, known.size, known.root)) continue
    await noteContradiction(systemCtx(platform, 'sequencer'), known, known.source)
    platform.log.error(
      { logId: known.logId, size: known.size, source: known.source },
      'a signed head of the ledger is not in this database; nothing is sequenced until a recovery is recorded',
    )
  }
}
