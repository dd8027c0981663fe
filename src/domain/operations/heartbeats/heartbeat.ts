/** When a dead man's switch has been silent for too long, and what alert its silence is. */
import type { AlertFromSource } from '../alerts/alert-from-alertmanager.ts'
import { alertGroupKey } from '../alerts/alert-group.ts'
import type { Priority } from '../alerts/priority.ts'

export type Heartbeat = {
  readonly name: string
  readonly description: string
  /** What the alert says; '' for a sentence of ours. */
  readonly alertMessage: string
  readonly priority: Priority
  readonly intervalMs: number
  readonly enabled: boolean
}

/** Epoch milliseconds from which on it counts as silent; undefined while it is not armed: never heard of, or switched off. */
export const silentFrom = (
  { enabled, intervalMs }: Pick<Heartbeat, 'enabled' | 'intervalMs'>,
  lastPingAt: number | undefined,
): number | undefined => (enabled && lastPingAt !== undefined ? lastPingAt + intervalMs : undefined)

/** @param now epoch milliseconds at which the silence was noticed */
export const alertOfSilence = (
  { name, description, alertMessage, priority }: Heartbeat,
  { fingerprint, now }: { readonly fingerprint: string; readonly now: number },
): AlertFromSource => {
  const labels = { alertname: 'HeartbeatExpired', heartbeat: name }
  return {
    status: 'firing',
    fingerprint,
    labels,
    annotations: description === '' ? {} : { description },
    severity: '',
    priority,
    name: labels.alertname,
    summary: alertMessage || `Nothing was heard of ${name} in time`,
    // Each is a trouble of its own: one that was taken must not keep the next one quiet.
    groupKey: alertGroupKey({ group: `heartbeat ${name}` }),
    startsAt: now,
    endsAt: null,
    generatorUrl: undefined,
    leniencies: [],
  }
}
