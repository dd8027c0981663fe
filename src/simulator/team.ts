/** The invented team: everybody and everything in it is fictional. */

export const ENGINEERS = ['bo', 'cleo', 'dag', 'eira'] as const
export const ENVIRONMENTS = ['acme-prod', 'acme-staging', 'globex-prod', 'northwind-prod'] as const
export type Engineer = (typeof ENGINEERS)[number]
export type Environment = (typeof ENVIRONMENTS)[number]

export const ADMINISTRATOR = {
  organisation: 'Example Operations',
  handle: 'ada',
  name: 'Ada Example',
  email: 'ada@example.org',
  zone: 'Europe/Stockholm',
} as const

const person = (handle: string, name: string, role: string): string =>
  `  - { handle: ${handle}, name: ${name}, email: ${handle}@example.org, roles: [${role}], zone: Europe/Stockholm }`
const contact = (handle: string, name: string, customer: string): string =>
  `  - { handle: ${handle}, name: ${name}, email: ${handle}@${customer}.example, contactOf: ${customer}, zone: Europe/Stockholm }`

const environment = (
  slug: Environment,
  customer: string,
  name: string,
  plan: string,
  since: string,
): string => `  - slug: ${slug}
    customer: ${customer}
    name: ${name}
    plan: ${plan}
    provider: Example Cloud
    version: v0.44.1
    components: [ingress-nginx, cert-manager, prometheus, opensearch, harbor, velero]
    commissionedOn: ${since}
    deliveryManager: fay
    clusters:
      - { name: management, role: management, version: 1.36.2 }
      - { name: workload-1, role: workload, version: 1.36.2 }`

/**
 * The whole team as one configuration document.
 * @param startsOn Monday of the first week of the rota, as 2026-11-09
 */
export const teamDocument = (startsOn: string): string => `version: 1
accounts:
  - { handle: ada, name: Ada Example, email: ada@example.org, roles: [administrator, engineer], zone: Europe/Stockholm }
${person('bo', 'Bo Berg', 'engineer')}
${person('cleo', 'Cleo Dahl', 'engineer')}
${person('dag', 'Dag Ek', 'engineer')}
${person('eira', 'Eira Fors', 'engineer')}
${person('fay', 'Fay Gran', 'delivery-manager')}
${person('gus', 'Gus Holm', 'architect')}
${person('hal', 'Hal Iversen', 'product-owner')}
${person('ines', 'Ines Juhl', 'management')}
${person('jon', 'Jon Krog', 'auditor')}
${contact('kim', 'Kim Lund', 'acme')}
${contact('lea', 'Lea Moe', 'globex')}
customers:
  - { slug: acme, name: Acme Health }
  - { slug: globex, name: Globex Payments }
  - { slug: northwind, name: Northwind Parcels }
environments:
${environment('acme-prod', 'acme', 'Acme production', 'premium', '2026-02-02')}
${environment('acme-staging', 'acme', 'Acme staging', 'standard', '2026-01-19')}
${environment('globex-prod', 'globex', 'Globex production', 'premium', '2025-09-15')}
${environment('northwind-prod', 'northwind', 'Northwind production', 'standard', '2026-06-01')}
schedules:
  - slug: first-line
    name: First line
    layers:
      - id: weekly
        everyWeeks: 1
        handOver: { weekday: monday, time: 09:00 }
        zone: Europe/Stockholm
        participants: [bo, cleo, dag, eira]
        startsOn: ${startsOn}
escalationPolicies:
  - slug: default
    name: First line, then everybody
    steps:
      - { afterMinutes: 0, targets: [{ schedule: first-line }] }
      - { afterMinutes: 10, targets: [{ schedule: first-line }, { role: delivery-manager }] }
      - { afterMinutes: 15, targets: [{ role: engineer }] }
    repeat: 1
    fallback: [{ role: administrator }]
`
