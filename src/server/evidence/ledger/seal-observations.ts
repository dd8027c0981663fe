/** Seals rows that are too many for an entry each: one entry for a window of them, chained to the window before in the same log. */
import {
  canonicalJson,
  numbersMissing,
  parseWindow,
  sealWindow,
  type ObservedRow,
} from '../../../domain/evidence/ledger/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { sha256 } from '../../platform/evidence-outbox.ts'
import { count } from '../../platform/metrics.ts'
import { observationKinds, type ObservationKind } from '../../platform/observations.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import { observationsSealed } from './events.ts'
import {
  FULL_WINDOW,
  findLastWindow,
  findMarks,
  findObservations,
  findUnsealed,
  insertWindow,
  lockWindows,
  moveMarks,
  settleProcesses,
  type Unsealed,
} from './observation-store.ts'

/** Rows of a storm may be large: a window's rows must fit into memory, and into a pack. */
const MOST_BYTES = 8 * 1024 * 1024
/** Between two reads others get their turn. */
const MOST_ROWS_A_READ = 250
/** A row from the future (a clock that is wrong) is sealed at once: it would never grow old. */
const AHEAD_MS = 5_000
/** A process not seen for a day does not come back with rows of its own. */
const SETTLED_AFTER_MS = 24 * 3600 * 1000

type Where = {
  readonly logId: string
  readonly environmentId: string
  readonly customerId: string
  readonly processIds: readonly string[]
}

/** What is not sealed yet, process by process, as much as a window takes. */
const gather = async (
  tx: WriteTx,
  kind: ObservationKind,
  where: Where,
  marks: ReadonlyMap<string, number>,
): Promise<ObservedRow[]> => {
  const rows: ObservedRow[] = []
  let bytes = 0
  for (const processId of where.processIds) {
    let after = marks.get(processId) ?? 0
    while (rows.length < FULL_WINDOW && bytes < MOST_BYTES) {
      const average = Math.max(1, bytes / Math.max(1, rows.length))
      const room = Math.ceil((MOST_BYTES - bytes) / average)
      const limit = rows.length === 0 ? 100 : Math.min(MOST_ROWS_A_READ, FULL_WINDOW - rows.length, room)
      const found = await findObservations(tx.db, kind, {
        environmentId: where.environmentId,
        processId,
        after,
        limit,
      })
      for (const row of found) {
        const sealed = { process: processId, number: row.number, bytes: kind.bytesOf(row) }
        rows.push(sealed)
        bytes += sealed.bytes.length
        after = row.number
      }
      if (found.length < limit) break
    }
  }
  return rows
}

/** Numbers between what is sealed and what is stored that nobody has: rows were removed. The windows show it, and so do we. */
const complainAboutGaps = (
  ctx: Ctx,
  kind: ObservationKind,
  where: Where,
  marks: ReadonlyMap<string, number>,
  spans: readonly { process: string; first: number; last: number }[],
): void => {
  const before = [...marks].map(([process, last]) => ({ process, first: last, last }))
  const started = spans.map(({ process }) => process).filter((process) => !marks.has(process))
  const asWindow = (list: readonly { process: string; first: number; last: number }[]) => ({
    v: 1 as const,
    count: 1,
    root: '',
    spans: [...started.map((process) => ({ process, first: 0, last: 0 })), ...list],
  })
  const missing = numbersMissing([asWindow([...before, ...spans])])
  for (const { process, first, last } of missing) {
    ctx.log.error(
      { kind: kind.name, logId: where.logId, process, first, last },
      'observations were removed before they were sealed',
    )
    count(
      'fortnight_observations_missing_total',
      'Rows that were gone before they were sealed.',
      last - first + 1,
      {
        kind: kind.name,
      },
    )
  }
}

/** @returns true when a window was sealed, and there may be another */
const sealNext = async (ctx: Ctx, kind: ObservationKind, where: Where): Promise<boolean> => {
  const sealed = await record<true | typeof NOTHING_CHANGED>(ctx, async (tx) => {
    await lockWindows(tx.db, where.logId)
    const marks = await findMarks(tx.db, kind.name, where.logId)
    const rows = await gather(tx, kind, where, marks)
    if (rows.length === 0) return NOTHING_CHANGED
    const last = await findLastWindow(tx.db, where.logId)
    const previous = last ? parseWindow(JSON.parse(last.window)) : undefined
    const window = sealWindow(rows, previous, sha256)
    complainAboutGaps(ctx, kind, where, marks, window.spans)
    const eventId = tx.append(observationsSealed, {
      stream: tx.id(),
      customerId: where.customerId,
      environmentId: where.environmentId,
      body: {
        kind: kind.name,
        window: { ...window, spans: [...window.spans] },
      },
    })
    await insertWindow(tx.db, {
      event_id: eventId,
      log_id: where.logId,
      position: (last?.position ?? 0) + 1,
      kind: kind.name,
      count: window.count,
      window: canonicalJson(window),
      sealed_at: tx.now,
    })
    await moveMarks(
      tx.db,
      kind.name,
      where.logId,
      new Map(window.spans.map((span) => [span.process, span.last])),
    )
    return true
  })
  return sealed === true
}

const isDue = ({ oldest_at: oldestAt, is_full: full }: Unsealed, now: number, sealMs: number): boolean =>
  full || oldestAt <= now - sealMs || oldestAt > now + AHEAD_MS

/** Seals what is due of every kind and log, whichever process stored it and whether or not that one still runs. */
export const sealObservations = async (ctx: Ctx): Promise<number> => {
  const { clock, config, database } = ctx.platform
  const now = clock.now()
  let windows = 0
  let waiting = 0
  for (const kind of observationKinds().values()) {
    const byLog = Map.groupBy(await findUnsealed(database.db, kind), (row) => row.log_id)
    for (const [logId, rows] of byLog) {
      const [first] = rows
      if (!first || !rows.some((row) => isDue(row, now, config.SEAL_SECONDS * 1000))) {
        waiting += 1
        continue
      }
      const where = {
        logId,
        environmentId: first.environment_id,
        customerId: first.customer_id,
        processIds: rows.map((row) => row.process_id),
      }
      while (await sealNext(ctx, kind, where)) windows += 1
    }
  }
  if (waiting === 0)
    await record(ctx, async (tx) => {
      tx.observed()
      await settleProcesses(tx.db, now - SETTLED_AFTER_MS, now)
    })
  return windows
}
