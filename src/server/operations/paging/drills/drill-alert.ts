/** The alert of a drill, as an Alertmanager would say it, and read as what it says is read. */
import { createHash } from 'node:crypto'
import { alertFromAlertmanager } from '../../../../domain/operations/alerts/alert-from-alertmanager.ts'
import { isRefusal } from '../../../../domain/refusal.ts'
import { formatInstant } from '../../../../domain/time/instant.ts'
import { IN_ENGLISH } from '../../../platform/messages/languages.ts'
import { say } from '../messages.ts'
import type { DrillRow } from './drill-store.ts'

/** What people read; the fingerprint says what it is. */
const DRILL_NAME = 'DRILL'

export const alertOfDrill = ({ id, fingerprint }: Pick<DrillRow, 'id' | 'fingerprint'>, now: number) => {
  const raw = {
    status: 'firing',
    labels: { alertname: DRILL_NAME, severity: 'critical', drill: id },
    annotations: { summary: say(IN_ENGLISH, 'drill-summary'), description: say(IN_ENGLISH, 'drill-text') },
    startsAt: formatInstant(now),
    endsAt: '0001-01-01T00:00:00Z',
    fingerprint,
  }
  const alert = alertFromAlertmanager(raw, now)
  if (isRefusal(alert)) throw new Error(alert.detail)
  return { alert, digest: createHash('sha256').update(JSON.stringify(raw)).digest() }
}
