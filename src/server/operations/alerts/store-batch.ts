/** Stores a batch of received notifications of one key in one transaction; pages are requested in it by a chain. */
import type { AlertFromSource } from '../../../domain/operations/alerts/alert-from-alertmanager.ts'
import type { Platform } from '../../platform/context.ts'
import type { IntegrationActor } from '../../platform/actor.ts'
import { record, type WriteTx } from '../../platform/record.ts'
import { alertsChanged } from './events.ts'
import { foldBatch, type Fold } from './fold-batch.ts'
import {
  addSightings,
  closeBySource,
  insertAlerts,
  receive,
  type KnownAlert,
  type Receipt,
  type Sighting,
} from './store.ts'

export type Notification = {
  readonly alerts: readonly AlertFromSource[]
  readonly digest: Buffer
  readonly receivedAt: number
}

const fingerprintBytes = (alerts: readonly AlertFromSource[]): Buffer => {
  const bytes = Buffer.alloc(alerts.length * 9)
  alerts.forEach((alert, index) => {
    // Sources other than Alertmanager may send any text: its first 8 bytes are enough to find the alert again. The other
    // dialects use 128 bits, which no Alertmanager can send.
    const hex = /^[0-9a-f]{16}([0-9a-f]{16})?$/.test(alert.fingerprint)
    bytes.write(alert.fingerprint.slice(0, hex ? 16 : 8), index * 9, 8, hex ? 'hex' : 'latin1')
    bytes[index * 9 + 8] = alert.status === 'firing' ? 1 : 0
  })
  return bytes
}

const receiptOf = (notification: Notification, number: number): Receipt => ({
  number,
  receivedAt: notification.receivedAt,
  alertCount: notification.alerts.length,
  fingerprints: fingerprintBytes(notification.alerts),
  digest: notification.digest,
})

type Known = ReadonlyMap<string, KnownAlert>
type Opened = ReadonlyMap<string, string>

/** Opens and closes what the batch says, and announces it. */
const applyFolds = async (
  tx: WriteTx,
  key: IntegrationActor,
  folds: ReadonlyMap<string, Fold>,
  known: Known,
): Promise<Opened> => {
  const where = { ...key, processId: tx.ctx.platform.processId }
  const knownClosing = [...folds]
    .filter(([, fold]) => fold.closesKnown)
    .flatMap(([fingerprint]) => known.get(fingerprint)?.id ?? [])
  const closed = knownClosing.length > 0 ? await closeBySource(tx.db, knownClosing, tx.now) : []

  const fresh = [...folds.values()].flatMap((fold) =>
    fold.opens ? [{ id: tx.id(), alert: fold.opens, openedAt: tx.now, fold }] : [],
  )
  const inserted = fresh.length > 0 ? await insertAlerts(tx.db, where, fresh) : new Set<string>()
  const opened = fresh.filter(({ id }) => inserted.has(id))
  const closing = opened.filter(({ fold }) => fold.closesOpened).map(({ id }) => id)
  if (closing.length > 0) closed.push(...(await closeBySource(tx.db, closing, tx.now)))

  if (opened.length > 0 || closed.length > 0) {
    tx.append(alertsChanged, {
      stream: tx.id(),
      customerId: key.customerId,
      environmentId: key.environmentId,
      body: {
        opened: opened.map(({ id, alert, fold }) => ({
          id,
          fingerprint: alert.fingerprint,
          priority: alert.priority,
          groupKey: alert.groupKey,
          name: alert.name,
          summary: alert.summary,
          startsAt: alert.startsAt,
          digest: fold.digest?.toString('hex') ?? '',
        })),
        closed,
      },
    })
  }
  const repeated = opened.flatMap(({ id, fold }): Sighting[] =>
    fold.repeats > 0 ? [{ alertId: id, at: fold.lastSeenAt, count: fold.repeats }] : [],
  )
  if (repeated.length > 0) await addSightings(tx.db, repeated)
  return new Map(opened.map(({ id, alert }) => [alert.fingerprint, id]))
}

/**
 * Commits the batch; resolves only then. Returns the repeats that are still to be counted: counters may lag behind a
 * commit (the receipts hold every sighting), so they are written less often and apart.
 *
 * @param firstNumber receipt number of the first notification; the caller keeps them without gaps, by environment
 */
export const storeBatch = (
  platform: Platform,
  key: IntegrationActor,
  batch: readonly Notification[],
  firstNumber: number,
): Promise<Sighting[]> =>
  record({ actor: key, platform, requestId: 'intake', log: platform.log, address: '' }, async (tx) => {
    tx.observed()
    const fingerprints = new Set(batch.flatMap(({ alerts }) => alerts.map((alert) => alert.fingerprint)))
    const receipts = batch.map((notification, index) => receiptOf(notification, firstNumber + index))
    const where = { ...key, processId: platform.processId }
    const found = await receive(tx.db, where, receipts, [...fingerprints])
    const known = new Map(found.map((row) => [row.fingerprint, row]))
    const seen = batch.flatMap(({ alerts, receivedAt, digest }) =>
      alerts.map((alert) => ({ alert, receivedAt, digest })),
    )
    const folds = foldBatch(seen, known)
    const opened = await applyFolds(tx, key, folds, known)
    return [...folds].flatMap(([fingerprint, fold]): Sighting[] => {
      const alertId = known.get(fingerprint)?.id
      return alertId && !opened.has(fingerprint) && fold.repeats > 0
        ? [{ alertId, at: fold.lastSeenAt, count: fold.repeats }]
        : []
    })
  })
