/** Stores a batch of received notifications of one key in one transaction; pages are requested in it by a chain. */
import type { AlertFromSource } from '../../../domain/operations/alerts/alert-from-alertmanager.ts'
import type { Platform } from '../../platform/context.ts'
import type { IntegrationActor } from '../../platform/actor.ts'
import { record, type WriteTx } from '../../platform/record.ts'
import { alertsChanged } from './events.ts'
import { foldBatch, type Fold } from './fold-batch.ts'
import { isDrillFingerprint } from '../../../domain/operations/alerts/drill-mark.ts'
import type { Treatment } from '../../../domain/operations/alerts/policies/treat-alert.ts'
import { mergeAlerts } from './policies/merge-alerts.ts'
import {
  forgetPolicies,
  PoliciesChanged,
  policiesInForce,
  type PoliciesInForce,
} from './policies/policies-in-force.ts'
import { LONGEST_FLAP_MS, noteEnds } from './policies/policy-store.ts'
import { openTreatment, type BatchTreatment } from './policies/treat-batch.ts'
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
/** What the policies made of those that open, by fingerprint. */
type Treatments = ReadonlyMap<string, Treatment>
type Opened = ReadonlyMap<string, string>

/** Opens and closes what the batch says, and announces it. */
const applyFolds = async (
  tx: WriteTx,
  key: IntegrationActor,
  folds: ReadonlyMap<string, Fold>,
  known: Known,
  treatments: Treatments,
): Promise<Opened> => {
  const where = { ...key, processId: tx.ctx.platform.processId }
  const knownClosing = [...folds]
    .filter(([, fold]) => fold.closesKnown)
    .flatMap(([fingerprint]) => known.get(fingerprint)?.id ?? [])
  const closed = knownClosing.length > 0 ? await closeBySource(tx.db, knownClosing, tx.now) : []
  if (closed.length > 0) await noteEnds(tx.db, closed, { at: tx.now, within: LONGEST_FLAP_MS })

  const fresh = [...folds.values()].flatMap((fold) =>
    fold.opens
      ? [
          {
            id: tx.id(),
            alert: fold.opens,
            openedAt: tx.now,
            fold,
            treatment: treatments.get(fold.opens.fingerprint) ?? null,
          },
        ]
      : [],
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
        opened: opened.map(({ id, alert, fold, treatment }) => ({
          id,
          fingerprint: alert.fingerprint,
          priority: alert.priority,
          groupKey: alert.groupKey,
          name: alert.name,
          summary: alert.summary,
          startsAt: alert.startsAt,
          digest: fold.digest?.toString('hex') ?? '',
          count: fold.repeats + 1,
          treatment,
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

/** Those that open, as the policies leave them. */
const treatOpens = (folds: ReadonlyMap<string, Fold>, { treat }: BatchTreatment): Treatments => {
  const treatments = new Map<string, Treatment>()
  for (const fold of folds.values()) {
    if (!fold.opens || isDrillFingerprint(fold.opens.fingerprint)) continue
    const { alert, treatment } = treat(fold.opens)
    if (!treatment) continue
    fold.opens = alert
    treatments.set(alert.fingerprint, treatment)
  }
  return treatments
}

const NONE: Treatments = new Map()

type Batch = { readonly notifications: readonly Notification[]; readonly firstNumber: number }

const storeUnder = (
  platform: Platform,
  key: IntegrationActor,
  { notifications, firstNumber }: Batch,
  policies: PoliciesInForce,
): Promise<Sighting[]> =>
  record({ actor: key, platform, requestId: 'intake', log: platform.log, address: '' }, async (tx) => {
    tx.observed()
    const compiled = policies.forEnvironment(key)
    const treatment = compiled.steps.length > 0 ? await openTreatment(tx, key, compiled) : undefined
    const sent = notifications.flatMap(({ alerts, receivedAt, digest }) =>
      alerts.map((alert) => ({ alert, receivedAt, digest })),
    )
    const aliasOf = (alert: AlertFromSource) =>
      compiled.asks.alias && !isDrillFingerprint(alert.fingerprint)
        ? (treatment?.treat(alert).alias ?? null)
        : null
    const seen = policies.everMerged ? await mergeAlerts(tx, key, sent, aliasOf) : sent
    const receipts = notifications.map((notification, index) => receiptOf(notification, firstNumber + index))
    const where = { ...key, processId: platform.processId }
    const fingerprints = [...new Set(seen.map(({ alert }) => alert.fingerprint))]
    const found = await receive(tx.db, where, receipts, fingerprints)
    if (found.policiesVersion !== policies.version) throw new PoliciesChanged()
    const known = new Map(found.known.map((row) => [row.fingerprint, row]))
    const folds = foldBatch(seen, known)
    const treatments = treatment ? treatOpens(folds, treatment) : NONE
    const opened = await applyFolds(tx, key, folds, known, treatments)
    await treatment?.finish()
    return [...folds].flatMap(([fingerprint, fold]): Sighting[] => {
      const alertId = known.get(fingerprint)?.id
      return alertId && !opened.has(fingerprint) && fold.repeats > 0
        ? [{ alertId, at: fold.lastSeenAt, count: fold.repeats }]
        : []
    })
  })

/** Somebody changes policies a few times in a row at most. */
const MOST_TRIES = 20

/**
 * Commits the batch; resolves only then. Returns the repeats that are still to be counted: counters may lag behind a
 * commit (the receipts hold every sighting), so they are written less often and apart.
 *
 * @param firstNumber receipt number of the first notification; the caller keeps them without gaps, by environment
 */
export const storeBatch = async (
  platform: Platform,
  key: IntegrationActor,
  notifications: readonly Notification[],
  firstNumber: number,
): Promise<Sighting[]> => {
  for (let tries = 1; ; tries++) {
    try {
      return await storeUnder(platform, key, { notifications, firstNumber }, await policiesInForce(platform))
    } catch (error) {
      if (!(error instanceof PoliciesChanged) || tries === MOST_TRIES) throw error
      forgetPolicies(platform)
    }
  }
}
