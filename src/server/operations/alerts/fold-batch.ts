/** What a batch of notifications means for one environment: per fingerprint, in order, which alerts open, close or repeat. */
import { endsOccurrence } from '../../../domain/operations/alerts/alert.ts'
import type { AlertFromSource } from '../../../domain/operations/alerts/alert-from-alertmanager.ts'

/**
 * One fingerprint's story in a batch. `closesKnown`: the alert open before the batch ends in it. `opens`: a new one
 * begins. `closesOpened`: and ends within the same batch. `repeats`: how often an open one was said again.
 */
export type Fold = {
  closesKnown: boolean
  opens: AlertFromSource | undefined
  /** Digest of the notification that opened it. */
  digest: Buffer | undefined
  closesOpened: boolean
  repeats: number
  lastSeenAt: number
}

type Seen = { readonly alert: AlertFromSource; readonly receivedAt: number; readonly digest: Buffer }

type Known = ReadonlyMap<string, { readonly startsAt: number }>

/** The occurrence that is open at this point of the batch: one the batch opened, or the one from before. */
const openIn = (fold: Fold, before: { readonly startsAt: number } | undefined) => {
  if (fold.opens) return fold.closesOpened ? undefined : fold.opens
  return fold.closesKnown ? undefined : before
}

/** @param known alerts that are open before the batch, by fingerprint */
export const foldBatch = (seen: Iterable<Seen>, known: Known): Map<string, Fold> => {
  const folds = new Map<string, Fold>()
  for (const { alert, receivedAt, digest } of seen) {
    let fold = folds.get(alert.fingerprint)
    if (!fold) {
      fold = {
        closesKnown: false,
        opens: undefined,
        digest: undefined,
        closesOpened: false,
        repeats: 0,
        lastSeenAt: receivedAt,
      }
      folds.set(alert.fingerprint, fold)
    }
    const open = openIn(fold, known.get(alert.fingerprint))
    if (alert.status === 'firing') {
      if (open) fold.repeats += 1
      // Fired, resolved and fired again within one batch of milliseconds: the same alert goes on.
      else if (fold.opens) fold.closesOpened = false
      else {
        fold.opens = alert
        fold.digest = digest
      }
    } else if (open && endsOccurrence(open, alert)) {
      if (fold.opens) fold.closesOpened = true
      else fold.closesKnown = true
    }
    fold.lastSeenAt = receivedAt
  }
  return folds
}
