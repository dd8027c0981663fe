/**
 * Group commit: while one transaction is under way the next requests gather, so that a commit is shared by as many as
 * wait for it. Collecting on a timer was measured and is useless; a second flush in flight was slower on two cores.
 */
import type { Platform } from '../../platform/context.ts'
import type { IntegrationActor } from '../../platform/actor.ts'
import { Fault } from '../../platform/faults.ts'
import { count } from '../../platform/metrics.ts'
import { pageOften } from './policies/auto-close.ts'
import { policiesInForce } from './policies/policies-in-force.ts'
import { storeBatch, type Notification } from './store-batch.ts'
import { addSightings, lastReceiptNumber, type Sighting } from './store.ts'

/** Enough for a storm of 2,000 requests; beyond it senders are told to come back (503, which Alertmanager retries). */
const MOST_WAITING_ALERTS = 50_000
const MOST_ALERTS_A_BATCH = 2_000
const COUNT_EVERY_MS = 250

type Waiting = {
  readonly key: IntegrationActor
  readonly notification: Notification
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

export type Intake = {
  /** Resolves after the commit that holds this notification; rejects when nothing was stored. */
  readonly submit: (key: IntegrationActor, notification: Notification) => Promise<void>
  /** Waits for what is under way and writes the counters. */
  readonly close: () => Promise<void>
}

/** Too many wait: what the sender is told depends on its dialect, because each kind retries another status. */
export class IntakeFull extends Fault {
  constructor() {
    super(
      'unavailable',
      'Too many alerts wait to be stored. Nothing of this request was stored; send it again.',
    )
  }
}

const intakes = new WeakMap<Platform, Intake>()
/** One a process: it numbers the receipts of an environment, whatever dialect they came in. */
export const intakeOf = (platform: Platform): Intake => {
  let intake = intakes.get(platform)
  if (!intake) intakes.set(platform, (intake = openIntake(platform)))
  return intake
}

export const openIntake = (platform: Platform): Intake => {
  const queue: Waiting[] = []
  const sightings = new Map<string, { at: number; count: number }>()
  let waitingAlerts = 0
  /** By environment: the number of the last receipt. Asked of the database when it is not known for certain. */
  const lastNumbers = new Map<string, number>()
  let flushing: Promise<void> | undefined
  let counting: NodeJS.Timeout | undefined

  const writeCounters = async (): Promise<void> => {
    clearTimeout(counting)
    counting = undefined
    const due = [...sightings].map(([alertId, seen]): Sighting => ({ alertId, ...seen }))
    sightings.clear()
    if (due.length === 0) return
    await addSightings(platform.database.db, due)
    const { everCounted } = await policiesInForce(platform)
    if (everCounted)
      await pageOften(
        platform,
        due.map(({ alertId }) => alertId),
      )
  }

  const noteRepeats = (repeats: readonly Sighting[]): void => {
    for (const { alertId, at, count: times } of repeats) {
      const known = sightings.get(alertId)
      sightings.set(alertId, { at, count: (known?.count ?? 0) + times })
    }
    counting ??= setTimeout(() => {
      writeCounters().catch((error: Error) =>
        platform.log.debug({ err: error.message }, 'alert counters lag'),
      )
    }, COUNT_EVERY_MS)
  }

  /** The oldest waiting notifications that came with the same key, as many as one batch takes. */
  const takeBatch = (): Waiting[] => {
    const keyId = queue[0]?.key.keyId
    const batch: Waiting[] = []
    let alerts = 0
    for (let index = 0; index < queue.length && alerts < MOST_ALERTS_A_BATCH;) {
      const waiting = queue[index] as Waiting
      if (waiting.key.keyId === keyId) {
        batch.push(waiting)
        alerts += waiting.notification.alerts.length
        queue.splice(index, 1)
      } else index += 1
    }
    waitingAlerts -= alerts
    return batch
  }

  /** A commit whose answer was lost may have happened or not: its numbers are asked for anew, so that none is used twice or left out. */
  const commit = async (batch: readonly Waiting[]): Promise<void> => {
    const { key } = batch[0] as Waiting
    const { environmentId } = key
    const last =
      lastNumbers.get(environmentId) ??
      (await lastReceiptNumber(platform.database.db, platform.processId, environmentId))
    lastNumbers.delete(environmentId)
    const notifications = batch.map((waiting) => waiting.notification)
    noteRepeats(await storeBatch(platform, key, notifications, last + 1))
    lastNumbers.set(environmentId, last + batch.length)
    for (const waiting of batch) waiting.resolve()
  }

  const flushAll = async (): Promise<void> => {
    while (queue.length > 0) {
      const batch = takeBatch()
      try {
        await commit(batch)
      } catch (error) {
        // One bad request must not cost the others their alerts: each is tried alone.
        for (const waiting of batch) {
          if (batch.length === 1) waiting.reject(error)
          else await commit([waiting]).catch(waiting.reject)
        }
      }
    }
    flushing = undefined
  }

  return {
    submit: (key, notification) =>
      new Promise((resolve, reject) => {
        if (waitingAlerts + notification.alerts.length > MOST_WAITING_ALERTS && queue.length > 0) {
          count('fortnight_intake_refused_total', 'Notifications refused because too many wait.')
          reject(new IntakeFull())
          return
        }
        queue.push({ key, notification, resolve, reject })
        waitingAlerts += notification.alerts.length
        flushing ??= flushAll()
      }),
    close: async () => {
      await flushing
      await writeCounters().catch(() => undefined)
    },
  }
}
