/** Every view of the application and where it is; a view that is not here is not tested. */
import { newId } from './replies/reply.ts'

export type View = {
  readonly name: string
  readonly path: string
  readonly who?: 'person' | 'contact'
  /** It has a list that may have 1,000 rows, or (`held`) another state worth seeing. */
  readonly long?: true | 'held'
  /** It shows nothing of its own that could fail or wait. */
  readonly still?: true
}

const id = newId()

export const views: readonly View[] = [
  { name: 'home', path: '/' },
  { name: 'contact-home', path: '/', who: 'contact' },
  { name: 'alerts', path: '/alerts', long: true },
  { name: 'alert', path: `/alerts/${id}` },
  { name: 'alerts-grouped', path: '/alerts?by=usual&open=label.group:Storage' },
  { name: 'on-call-report', path: '/reports' },
  { name: 'alert-rules', path: '/alerts/rules' },
  { name: 'alert-rule-set', path: '/alerts/rules/platform', long: true },
  { name: 'pages', path: '/pages', long: true },
  { name: 'on-call', path: '/on-call' },
  { name: 'on-call-eight-weeks', path: '/on-call?weeks=8' },
  { name: 'escalation', path: '/on-call?view=escalation' },
  { name: 'alert-policies', path: '/on-call?view=policies' },
  { name: 'routing', path: '/on-call?view=routing' },
  { name: 'drills', path: '/on-call?view=drills' },
  { name: 'drill', path: `/on-call?view=drills&drill=${id}` },
  { name: 'new-rota', path: '/on-call/new-rota', still: true },
  { name: 'edit-rota', path: '/on-call/rotas/primary' },
  { name: 'new-policy', path: '/on-call/new-policy', still: true },
  { name: 'edit-policy', path: '/on-call/policies/default' },
  { name: 'incidents', path: '/incidents', long: true },
  { name: 'incident', path: `/incidents/${id}` },
  { name: 'decisions', path: '/decisions', long: true },
  { name: 'decisions-of-contact', path: '/decisions', who: 'contact' },
  { name: 'decision', path: `/decisions/${id}` },
  { name: 'maintenance-window', path: `/windows/${id}` },
  { name: 'operator-log', path: '/operator-log', long: true },
  { name: 'recorded-shells', path: '/operator-log?view=sessions' },
  { name: 'operator-log-entry', path: `/operator-log/${id}` },
  { name: 'recording', path: `/operator-log/recordings/${id}` },
  { name: 'customers', path: '/customers?tab=customers' },
  { name: 'environments', path: '/customers', long: true },
  { name: 'environment', path: '/environments/acme-prod' },
  { name: 'environment-keys', path: '/environments/acme-prod?tab=keys' },
  { name: 'environment-heartbeats', path: '/environments/acme-prod?tab=heartbeats' },
  { name: 'environment-phone-lines', path: '/environments/acme-prod?tab=phone-lines' },
  { name: 'evidence', path: '/evidence', long: true },
  { name: 'ledger-log', path: `/evidence/logs/${id}`, long: true },
  { name: 'ledger-entry', path: `/evidence/entries/${id}` },
  { name: 'audit-packs', path: '/evidence?tab=packs' },
  { name: 'audit-pack', path: `/evidence/packs/${id}` },
  { name: 'settings-profile', path: '/settings/profile', still: true },
  { name: 'settings-sign-in', path: '/settings/sign-in' },
  { name: 'settings-tokens', path: '/settings/tokens' },
  { name: 'settings-teams', path: '/settings/teams' },
  { name: 'settings-notifications', path: '/settings/notifications' },
  { name: 'settings-people', path: '/settings/people' },
  { name: 'settings-installation', path: '/settings/installation', long: 'held' },
  { name: 'sign-in', path: '/sign-in', still: true },
  { name: 'nothing-here', path: '/no-such-place', still: true },
]
