/** What somebody says who pages by hand, as an alert. */
import type { AlertFromSource } from '../alerts/alert-from-alertmanager.ts'
import { alertGroupKey } from '../alerts/alert-group.ts'
import type { Priority } from '../alerts/priority.ts'

/** @param now epoch milliseconds */
export const alertOfCall = (
  { text, priority }: { readonly text: string; readonly priority: Priority },
  { fingerprint, now }: { readonly fingerprint: string; readonly now: number },
): AlertFromSource => ({
  status: 'firing',
  fingerprint,
  labels: { alertname: 'CalledByHand' },
  annotations: {},
  severity: '',
  priority,
  name: 'CalledByHand',
  summary: text,
  // Each is a trouble of its own.
  groupKey: alertGroupKey({ group: `call ${fingerprint}` }),
  startsAt: now,
  endsAt: null,
  generatorUrl: undefined,
  leniencies: [],
})
