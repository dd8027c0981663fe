/** Takes up a new ledger key: records in every log what the old and the new one signed, and lets a retired one sign nothing more. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { equalBytes, verifyRotation, type KeyRotation } from '../../../domain/evidence/ledger/index.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import { systemCtx, type Platform } from '../../platform/context.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { bodyOf } from '../../platform/event-body.ts'
import { sha256 } from '../../platform/evidence-outbox.ts'
import { record } from '../../platform/record.ts'
import { keyRotated } from './events.ts'
import { ed25519Verify, type LedgerSigner } from './keys.ts'
import { findLogs, findRotations, findRotationsIn } from './rotation-store.ts'

/** Beside the keys: what `fortnight keys-rotate` signed, the newest last. */
export const ROTATIONS_FILE = 'ledger-rotations.json'

type Stated = { readonly statement: string; readonly reason: string }

/** This process was given a ledger key that is no longer in force. */
export class KeyRetired extends Error {}

export class RotationsUnreadable extends Error {}

const readStated = async (platform: Platform): Promise<Stated[]> => {
  const file = join(platform.secrets.folder, ROTATIONS_FILE)
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return []
  try {
    const { v, rotations } = JSON.parse(text) as { v: number; rotations: Stated[] }
    if (
      v === 1 &&
      rotations.every((one) => typeof one.statement === 'string' && typeof one.reason === 'string')
    )
      return rotations
  } catch {
    // Said below.
  }
  throw new RotationsUnreadable(`${file} is damaged. Restore it from the key backup.`)
}

const rotationIn = (statement: unknown): KeyRotation | undefined => {
  const rotation = verifyRotation(String(statement), sha256, ed25519Verify)
  return isRefusal(rotation) ? undefined : rotation
}

/** Rotations that are recorded, oldest first: their old keys count for what was signed before. */
export const recordedRotations = async (db: Db | Tx): Promise<(KeyRotation & { recordedAt: number })[]> =>
  (await findRotations(db)).flatMap(({ at, disclosures }) => {
    const rotation = rotationIn(bodyOf(disclosures)['statement'])
    return rotation ? [{ ...rotation, recordedAt: at }] : []
  })

/**
 * Keys that count for a head of this size of a log, beside the one in force. A retired one signed nothing that lies behind
 * the entry which retired it: whoever stole it would otherwise stop the ledger with a head of their own.
 */
export const retiredKeysFor = async (db: Db, logId: string, size: number): Promise<Uint8Array[]> => {
  const here = (await findRotationsIn(db, logId)).flatMap(({ seq, disclosures }) => {
    const rotation = rotationIn(bodyOf(disclosures)['statement'])
    return rotation ? [{ old: rotation.old, seq }] : []
  })
  return (await recordedRotations(db))
    .map(({ old }) => old)
    .filter((old) => !here.some((one) => equalBytes(one.old, old) && size > one.seq))
}

/** From the key in force (undefined while none was ever rotated) to our own; statements that lead elsewhere are nobody's. */
const chainTo = (own: Uint8Array, inForce: Uint8Array | undefined, stated: readonly Stated[]): Stated[] => {
  const chain: Stated[] = []
  let wanted = own
  for (const one of stated.toReversed()) {
    const rotation = rotationIn(one.statement)
    if (inForce !== undefined && equalBytes(wanted, inForce)) break
    if (rotation === undefined || !equalBytes(rotation.next, wanted)) continue
    chain.unshift(one)
    wanted = rotation.old
  }
  return chain
}

/**
 * What a new sequencer does before its first entry.
 *
 * @throws KeyRetired when another key is in force, and nothing that both signed leads from it to ours
 */
export const takeUpRotations = async (platform: Platform, signer: LedgerSigner): Promise<void> => {
  const own = signer.publicKey
  const inForce = (await recordedRotations(platform.database.db)).at(-1)?.next
  if (inForce !== undefined && equalBytes(own, inForce)) return
  const chain = chainTo(own, inForce, await readStated(platform))
  const first = rotationIn(chain[0]?.statement)
  if (inForce !== undefined && (first === undefined || !equalBytes(first.old, inForce)))
    throw new KeyRetired(
      'the ledger key of this process was retired by a recorded rotation. Give it the key folder with the new ledger.key, then restart it',
    )
  if (chain.length === 0) return
  await record(systemCtx(platform, 'sequencer'), async (tx) => {
    for (const { id, environment_id: environmentId, customer_id: customerId } of await findLogs(tx.db))
      for (const { statement, reason } of chain)
        tx.append(keyRotated, {
          stream: id,
          ...(environmentId ? { environmentId, customerId: customerId ?? undefined } : {}),
          body: { statement, reason },
        })
    return true
  })
  platform.log.warn({ rotations: chain.length }, 'a new ledger key was taken up; the one before is retired')
}

/** Whether this process may still sign. */
export const isRetired = async (platform: Platform, signer: LedgerSigner): Promise<boolean> => {
  const inForce = (await recordedRotations(platform.database.db)).at(-1)?.next
  return inForce !== undefined && !equalBytes(inForce, signer.publicKey)
}
