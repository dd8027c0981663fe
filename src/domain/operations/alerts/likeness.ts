/**
 * When an Alertmanager's new name means an alert that is open already. Its alias is a digest of the route: edit a route while
 * something fires and the same group comes again under another alias, and nobody ever closes the first.
 */
import type { AlertFromSource } from './alert-from-alertmanager.ts'

/** The names that Alertmanager gives: SHA-256 of its group key. */
export const isDigestName = (name: string): boolean => /^[0-9a-f]{64}$/.test(name)
/** Where Alertmanager says that it is; the receiver is part of it. */
const ownAddress = /\/#\/alerts\?receiver=/

/** The alerts of the group one by one, as the default templates of its receivers list them; those that ended do not count. */
const listed = ({ annotations }: Pick<AlertFromSource, 'annotations'>): string => {
  const text = annotations['firing'] || annotations['description'] || ''
  return (text.split('\nAlerts Resolved:', 1)[0] ?? '').trim()
}

/**
 * Two alerts of one key with equal texts are one group under two names: same Alertmanager and receiver, same message, same
 * details, and the same alerts in it. Undefined where that cannot be known, above all without the list of alerts: two routes
 * may split one rule, and to take two fires for one would hide the second.
 *
 * @param name as the sender called it
 */
export const likeness = (name: string, alert: AlertFromSource): string | undefined => {
  const { summary, labels, generatorUrl } = alert
  const alerts = listed(alert)
  if (!isDigestName(name) || alerts === '' || !ownAddress.test(generatorUrl ?? '')) return undefined
  const sorted = Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1))
  return JSON.stringify([generatorUrl, summary, sorted, alerts])
}
