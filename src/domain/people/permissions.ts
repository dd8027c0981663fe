/** Who may do what: one table, read by the server on every request and by the web through replies. Deny by default. */

export const ROLES = [
  'administrator',
  'engineer',
  'delivery-manager',
  'product-owner',
  'architect',
  'management',
  'auditor',
] as const
export type Role = (typeof ROLES)[number]

export const isRole = (text: string): text is Role => (ROLES as readonly string[]).includes(text)

/** Who is asking, as far as permissions go. */
export type Subject =
  | { readonly kind: 'person'; readonly roles: readonly Role[]; readonly scopes?: readonly string[] }
  | { readonly kind: 'contact' }
  | { readonly kind: 'integration' }
  | { readonly kind: 'system' }
  | { readonly kind: 'host' }
  | { readonly kind: 'anonymous' }

type Rule = {
  readonly roles: readonly Role[] | 'every-role'
  readonly contact?: true
  readonly integration?: true
}

const operators: readonly Role[] = ['administrator', 'engineer', 'delivery-manager', 'architect']
const administrators: readonly Role[] = ['administrator']
const stewards: readonly Role[] = ['administrator', 'delivery-manager']

/** Permission names are `area.verb`; `.read` never changes anything. */
export const permissions = {
  'self.read': { roles: 'every-role', contact: true },
  'self.change': { roles: 'every-role', contact: true },
  'self.tokens': { roles: 'every-role' },
  /** How one is paged: nobody pages a contact. */
  'self.reach': { roles: 'every-role' },
  'accounts.read': { roles: 'every-role' },
  'accounts.change': { roles: administrators },
  'teams.read': { roles: 'every-role' },
  'teams.change': { roles: stewards },
  'customers.read': { roles: 'every-role', contact: true },
  'customers.change': { roles: stewards },
  'environments.read': { roles: 'every-role', contact: true },
  'environments.change': { roles: stewards },
  'keys.change': { roles: stewards },
  'configuration.read': { roles: stewards },
  'configuration.apply': { roles: administrators },
  'alerts.send': { roles: [], integration: true },
  /** What a machine sent, asked for again: the alerts of its own environment. */
  'alerts.follow': { roles: [], integration: true },
  /** What an environment expects to be heard of, kept by the machines that are heard. */
  'heartbeats.keep': { roles: [], integration: true },
  'heartbeats.change': { roles: operators },
  'phone-lines.change': { roles: operators },
  'alerts.read': { roles: 'every-role' },
  'alerts.change': { roles: operators },
  /** Which rules of Prometheus are known here: what an alert asks, and what to read. */
  'alert-rules.change': { roles: operators },
  'pages.read': { roles: 'every-role' },
  'pages.acknowledge': { roles: operators },
  'on-call.read': { roles: 'every-role' },
  /** Who answers, as programs ask it: people all of it, a key what concerns its own environment. */
  'on-call.follow': { roles: 'every-role', integration: true },
  'on-call.change': { roles: stewards },
  'on-call.override': { roles: operators },
  'incidents.read': { roles: 'every-role' },
  'incidents.change': { roles: operators },
  'decisions.read': { roles: 'every-role', contact: true },
  'decisions.change': { roles: operators },
  'operator-log.read': { roles: 'every-role', contact: true },
  'operator-log.change': { roles: operators },
  'recordings.read': { roles: ['administrator', 'engineer', 'delivery-manager', 'architect', 'auditor'] },
  'recordings.record': { roles: operators },
  'evidence.read': { roles: ['administrator', 'delivery-manager', 'management', 'auditor'] },
  'evidence.export': { roles: ['administrator', 'delivery-manager', 'auditor'] },
  'evidence.recover': { roles: administrators },
  'evidence.erase': { roles: administrators },
  'installation.read': { roles: 'every-role' },
  'installation.change': { roles: administrators },
  'installation.backup': { roles: administrators },
} as const satisfies Record<string, Rule>

export type Permission = keyof typeof permissions

/** A token's scope is a permission, `area.*`, or `*`; it narrows and never widens what the roles give. */
const scopeCovers = (scope: string, permission: Permission): boolean =>
  scope === '*' || scope === permission || (scope.endsWith('.*') && permission.startsWith(scope.slice(0, -1)))

export const isScope = (text: string): boolean =>
  text === '*' || Object.keys(permissions).some((name) => scopeCovers(text, name as Permission))

export const may = (subject: Subject, permission: Permission): boolean => {
  const rule: Rule = permissions[permission]
  switch (subject.kind) {
    case 'system':
      return true
    // The host has commands of its own; it asks no route.
    case 'host':
    case 'anonymous':
      return false
    case 'contact':
      return rule.contact === true
    case 'integration':
      return rule.integration === true
    case 'person': {
      const byRole =
        rule.roles === 'every-role'
          ? subject.roles.length > 0
          : subject.roles.some((role) => rule.roles.includes(role))
      return (
        byRole &&
        (subject.scopes === undefined || subject.scopes.some((scope) => scopeCovers(scope, permission)))
      )
    }
  }
}

export const permissionsOf = (subject: Subject): Permission[] =>
  (Object.keys(permissions) as Permission[]).filter((permission) => may(subject, permission))
