/** POST /v2/alerts: a new alert, or one more sighting of the open one with this alias. */
import { alertFromOpsGenie } from '../../../domain/operations/alerts/alert-from-opsgenie.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import { findOpenAlertIn } from '../../operations/alerts/environment-store.ts'
import { knownFingerprint, submitNamed } from '../../operations/alerts/sent-names.ts'
import { count } from '../../platform/metrics.ts'
import { read } from '../../platform/record.ts'
import { fingerprintOf } from '../fingerprint.ts'
import { unusable } from './answer.ts'
import { readAlias, settle, submit, type Call } from './call.ts'

export const createAlert = async (call: Call): Promise<void> => {
  const { key, ctx } = call
  const now = ctx.platform.clock.now()
  // Without an alias each request is an alert of its own, as in OpsGenie.
  const name = readAlias(call.body['alias']) || call.exchange.requestId
  const fingerprint = fingerprintOf('opsgenie', key.keyId, name)
  const alert = alertFromOpsGenie(call.body, { fingerprint, now })
  if (isRefusal(alert)) throw unusable('message', alert.detail)
  await submitNamed(ctx, key, { name, alert, submit: (known) => submit(call, known) })
  count('fortnight_alerts_received_total', 'Alerts received and committed, repeats included.', 1)
  const stored = await knownFingerprint(ctx, key, { name, fingerprint })
    .then((known) => read(ctx, (db) => findOpenAlertIn(db, key.environmentId, known)))
    .catch(() => undefined)
  const isNew = stored !== undefined && stored.opened_at >= now
  await settle(call, {
    action: 'Create',
    alertId: stored?.id,
    success: true,
    outcome: isNew ? 'Created alert' : 'Alert is open already; it was counted once more',
  })
}
