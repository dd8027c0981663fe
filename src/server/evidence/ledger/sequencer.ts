/** One process at a time turns what waits into the ledger: it stands for the seat, takes turns, and leaves when deposed. */
import type { Platform } from '../../platform/context.ts'
import { count } from '../../platform/metrics.ts'
import { pagesCrowd } from '../../platform/tasks/task-waits.ts'
import { compareWithKnown } from './contradict.ts'
import { ledgerSigner, type LedgerSigner } from './keys.ts'
import { readKnownHeads } from './known-heads.ts'
import {
  ANCHOR_EVERY_MS,
  anchorLogs,
  publishCheckpoints,
  SIGN_EVERY_MS,
  type Published,
} from './publish-checkpoints.ts'
import { findInstallationId } from './recovery-store.ts'
import { takeUpRotations } from './rotations.ts'
import { stand, type Seat } from './seat.ts'
import { BATCH, Deposed, LeafDamaged, sequenceLog } from './sequence-log.ts'
import { findDue, showLife } from './sequencing-store.ts'

export type Sequencer = {
  readonly start: () => void
  readonly stop: () => Promise<void>
  readonly isSeated: () => boolean
  /** Sequences, signs and anchors everything there is, whatever the time: for tests and the simulator, which own the clock. */
  readonly catchUp: () => Promise<number>
}

const TICK_MS = 100
/** Looked for even when no wake-up reached us. */
const POLL_MS = 250
/** How soon another process takes over: the lock of a dead one is free as soon as its connection is. */
const STAND_EVERY_MS = 1_000
const LIFE_EVERY_MS = 5_000
const SAY_SKEW_EVERY_MS = 60_000
/**
 * Evidence gives way to thousands of pages at once, but not for ever. Measured: 300 logs with a few leaves each, several
 * times a second, took 3.6 of 18.3 s of processor time while 6,000 escalations were under way.
 */
const GIVES_WAY_MS = 15_000

type Holder = {
  readonly seat: Seat
  readonly published: Published
  /** When a skewed clock was last said, by log. */
  readonly saidSkew: Map<string, number>
  shownAt: number
}

const sit = async (
  platform: Platform,
  signer: LedgerSigner,
  connectionString: string,
): Promise<Holder | undefined> => {
  const installation = await findInstallationId(platform.database.db)
  if (installation === undefined) return undefined
  const seat = await stand(platform, connectionString)
  if (!seat) return undefined
  try {
    const known = await readKnownHeads(platform, installation)
    await compareWithKnown(platform, known)
    await takeUpRotations(platform, signer)
    const heads = new Map(known.map((head) => [head.logId, head]))
    platform.log.info({ fence: seat.fence }, 'this process sequences the ledger')
    return { seat, published: { installation, heads }, saidSkew: new Map(), shownAt: 0 }
  } catch (error) {
    await seat.leave()
    throw error
  }
}

const takeAll = async (
  platform: Platform,
  { seat, saidSkew }: Holder,
  logs: readonly string[],
): Promise<number> => {
  let total = 0
  for (const logId of logs) {
    try {
      for (;;) {
        if (seat.isLost()) throw new Deposed('the connection of the lock is gone')
        const now = platform.clock.now()
        const maySay = now - (saidSkew.get(logId) ?? -Infinity) >= SAY_SKEW_EVERY_MS
        const { taken, skewed } = await sequenceLog(platform, seat.fence, logId, maySay)
        if (skewed) saidSkew.set(logId, now)
        total += taken
        if (taken < BATCH) break
      }
    } catch (error) {
      if (!(error instanceof LeafDamaged)) throw error
      // One damaged log must not keep the others waiting; its delay is shown and alarmed.
      platform.log.error({ logId, err: error.message }, 'a log of the ledger stands still')
      count('fortnight_ledger_damaged_total', 'Attempts to sequence a log that found it damaged.')
    }
  }
  return total
}

type Pace = { readonly signMs: number; readonly anchorMs: number }
const USUAL_PACE: Pace = { signMs: SIGN_EVERY_MS, anchorMs: ANCHOR_EVERY_MS }

/** Nothing is done until a person has acknowledged what a restored database lacks. */
const takeTurn = async (
  platform: Platform,
  signer: LedgerSigner,
  holder: Holder,
  { signMs, anchorMs } = USUAL_PACE,
): Promise<number> => {
  const { db } = platform.database
  const { fence } = holder.seat
  const now = platform.clock.now()
  if (now - holder.shownAt >= LIFE_EVERY_MS) {
    if (!(await showLife(db, fence, now))) throw new Deposed('another process was elected')
    holder.shownAt = now
  }
  const due = await findDue(db, now - signMs, now - anchorMs)
  if (due.contradicted) return 0
  const taken = await takeAll(platform, holder, due.logs)
  if (taken > 0) count('fortnight_ledger_entries_total', 'Ledger entries that this process sequenced.', taken)
  const signed =
    due.unsigned || taken > 0
      ? await publishCheckpoints(platform, signer, fence, holder.published, signMs)
      : 0
  const anchored = due.unanchored || signed > 0 ? await anchorLogs(platform, fence, anchorMs) : 0
  return taken + signed + anchored
}

/** Sleeps until told, at least TICK_MS so that leaves gather, at most `ms`. */
const openNap = () => {
  let rise: (() => void) | undefined
  let told = false
  return {
    tell: (): void => {
      told = true
      rise?.()
    },
    sleep: async (ms: number): Promise<void> => {
      await new Promise((done) => setTimeout(done, Math.min(TICK_MS, ms)))
      if (!told && ms > TICK_MS) {
        await new Promise<void>((done) => {
          const timer = setTimeout(done, ms - TICK_MS)
          rise = () => {
            clearTimeout(timer)
            done()
          }
        })
        rise = undefined
      }
      told = false
    },
  }
}

/** Undefined where the key is not: such a process never stands. */
export const openSequencer = (platform: Platform, connectionString: string): Sequencer | undefined => {
  const signer = ledgerSigner(platform)
  if (!signer) return undefined
  const nap = openNap()
  let holder: Holder | undefined
  let gaveWayAt: number | undefined
  let on = false
  let loop: Promise<void> = Promise.resolve()

  const leave = async (): Promise<void> => {
    const left = holder
    holder = undefined
    await left?.seat.leave()
  }

  /** @returns how long to rest */
  const once = async (): Promise<number> => {
    if (holder?.seat.isLost()) await leave()
    holder ??= await sit(platform, signer, connectionString)
    if (!holder) return STAND_EVERY_MS
    if (await pagesCrowd(platform)) {
      gaveWayAt ??= performance.now()
      if (performance.now() - gaveWayAt < GIVES_WAY_MS) return POLL_MS
    }
    gaveWayAt = undefined
    await takeTurn(platform, signer, holder)
    return POLL_MS
  }

  const keepOn = async (): Promise<void> => {
    while (on) {
      const rest = await once().catch(async (error: unknown) => {
        const deposed = error instanceof Deposed
        platform.log.warn(
          { err: (error as Error).message },
          deposed ? 'this process no longer sequences the ledger' : 'the ledger waits',
        )
        await leave()
        return STAND_EVERY_MS
      })
      if (on) await nap.sleep(rest)
    }
    await leave()
  }

  platform.notifier.hear('events', nap.tell)

  return {
    isSeated: () => holder !== undefined && !holder.seat.isLost(),
    start: () => {
      if (on) return
      on = true
      loop = keepOn()
    },
    stop: async () => {
      on = false
      nap.tell()
      await loop
      await leave()
    },
    catchUp: async () => {
      holder ??= await sit(platform, signer, connectionString)
      if (!holder) throw new Error('another process sequences')
      let total = 0
      for (let round = 0; round < 10; round++) {
        const done = await takeTurn(platform, signer, holder, { signMs: 0, anchorMs: 0 })
        total += done
        if (done === 0) break
      }
      return total
    },
  }
}
