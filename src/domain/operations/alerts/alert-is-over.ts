/** What a source says of an alert that it names and no longer sees: nothing but the name counts. */
import type { AlertFromSource } from './alert-from-alertmanager.ts'

export const alertIsOver = (fingerprint: string, now: number): AlertFromSource => ({
  status: 'resolved',
  fingerprint,
  labels: {},
  annotations: {},
  severity: '',
  priority: 5,
  name: '',
  summary: '',
  groupKey: '',
  startsAt: now,
  // Whatever is open under this fingerprint ends: the sender named no instant that could lie before its start.
  endsAt: null,
  generatorUrl: undefined,
  leniencies: [],
})
