/** A fictional team, its customers and environments. */
import { accountRoutes, type Account } from '../../../src/contract/people/accounts.ts'
import { contactMethodRoutes, type ContactMethodReply } from '../../../src/contract/people/contact-methods.ts'
import { teamRoutes, type TeamReply } from '../../../src/contract/people/teams.ts'
import { customerRoutes, type Customer } from '../../../src/contract/people/customers.ts'
import {
  environmentRoutes,
  keyRoutes,
  type Environment,
  type IntegrationKey,
} from '../../../src/contract/people/environments.ts'
import { meRoutes, signInRoutes } from '../../../src/contract/people/sign-in.ts'
import { tokenRoutes } from '../../../src/contract/people/tokens.ts'
import { permissions, permissionsOf, type Role } from '../../../src/domain/people/permissions.ts'
import { days, hours, newId, now, pageThrough, pick, replyTo, type Answer } from './reply.ts'

const staff = (handle: string, name: string, roles: Role[]): Account => ({
  id: newId(),
  kind: 'staff',
  handle,
  name,
  email: `${handle}@fortnight.example`,
  roles,
  customer: null,
  locale: 'en-GB',
  zone: 'Europe/Stockholm',
  canSignIn: true,
  createdAt: now - days(400),
  archivedAt: null,
})

export const team: readonly Account[] = [
  staff('astrid', 'Astrid Nordkvist', ['administrator', 'engineer']),
  staff('bo', 'Bo Fiktivsson', ['engineer']),
  staff('chidi', 'Chidi Exempel', ['engineer']),
  staff('dana', 'Dana Påhittad-Längenamn von Überraschung', ['delivery-manager']),
  staff('elif', 'Elif Örnek', ['engineer', 'architect']),
]
export const person = (position: number) => ({ id: pick(team, position).id, name: pick(team, position).name })

const customer = (slug: string, name: string): Customer => ({
  id: newId(),
  slug,
  name,
  createdAt: now - days(380),
  archivedAt: null,
})
export const customers: readonly Customer[] = [
  customer('acme', 'Acme Health'),
  customer('umbra', 'Umbra Energi'),
  customer('nimbus', 'Nimbus Learning, a Foundation for Very Long Names in Public Administration'),
]

const environment = (slug: string, name: string, of: number, workloads: number): Environment => ({
  id: newId(),
  slug,
  name,
  customer: { id: pick(customers, of).id, slug: pick(customers, of).slug, name: pick(customers, of).name },
  plan: 'Managed, 24×7',
  provider: 'Fictional Cloud',
  version: '0.42.1',
  components: ['ingress', 'prometheus', 'opensearch', 'harbor', 'velero', 'dex'],
  commissionedOn: '2025-03-03',
  deliveryManager: person(3),
  clusters: [
    { id: newId(), name: 'management', role: 'management', version: '1.33.4', kubeSystemUid: newId() },
    ...Array.from({ length: workloads }, (_, n) => ({
      id: newId(),
      name: `workload-${n + 1}`,
      role: 'workload' as const,
      version: '1.33.4',
      kubeSystemUid: null,
    })),
  ],
  createdAt: now - days(370),
  archivedAt: null,
})
export const environments: readonly Environment[] = [
  environment('acme-prod', 'Acme production', 0, 2),
  environment('acme-staging', 'Acme staging', 0, 1),
  environment('umbra-prod', 'Umbra production', 1, 3),
  environment('nimbus-learning-platform-production-eu-north', 'Nimbus production', 2, 1),
]
export const environmentRef = (position: number) => {
  const { id, slug, name } = pick(environments, position)
  return { id, slug, name }
}

const manyEnvironments = (): Environment[] =>
  Array.from({ length: 1000 }, (_, n) => ({
    ...pick(environments, n),
    id: newId(),
    slug: `environment-${n}`,
    name: `Environment number ${n}`,
  }))

const key = (name: string, age: number, used: number | null): IntegrationKey => ({
  id: newId(),
  environment: environmentRef(0),
  name,
  hint: 'fni_3kf…',
  createdAt: now - days(age),
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: used,
})

const subject = { kind: 'person', roles: ['administrator', 'engineer'] } as const
export const whoever = {
  account: team[0]!,
  organisation: 'Example Operations',
  permissions: permissionsOf(subject),
  hints: [],
  session: { id: newId(), method: 'session' as const },
}
export const contact = {
  account: {
    ...team[0]!,
    id: newId(),
    kind: 'contact' as const,
    handle: 'kim',
    name: 'Kim Kundsson',
    email: 'kim@acme.example',
    roles: [],
    customer: { id: customers[0]!.id, slug: 'acme', name: 'Acme Health' },
  },
  organisation: 'Example Operations',
  permissions: permissionsOf({ kind: 'contact' }),
  hints: [],
  session: { id: newId(), method: 'session' as const },
}

const contactMethods: readonly ContactMethodReply[] = [
  {
    id: newId(),
    kind: 'email',
    address: 'astrid@fortnight.example',
    createdAt: now - days(90),
    verifiedAt: now - days(90),
    provenAt: now - days(2),
  },
  {
    id: newId(),
    kind: 'webhook',
    address: 'https://a-receiver-with-a-very-long-name-indeed.on-call.fortnight.example',
    createdAt: now - hours(1),
    verifiedAt: null,
    provenAt: null,
  },
]

const teamId = newId()
const firstLine = (change: boolean): TeamReply => ({
  id: teamId,
  slug: 'first-line',
  name: 'First line',
  members: team.slice(0, 3).map(({ id, name, handle }, place) => ({
    person: { id, name },
    handle,
    archived: false,
    role: place === 0 ? 'admin' : 'member',
  })),
  createdAt: now - days(90),
  archivedAt: null,
  can: { change },
})

export const peopleReplies: readonly Answer[] = [
  replyTo(meRoutes.getMe)((kase, asked) => ({
    ...(asked.contact ? contact : whoever),
    permissions: [...asked.permissions],
    hints:
      kase === 'empty'
        ? ['no-customer', 'no-environment', 'no-integration-key', 'no-colleague', 'no-passkey']
        : [],
  })),
  replyTo(signInRoutes.showSignInWays)((kase) => ({
    organisation: 'Example Operations',
    password: true,
    passkey: true,
    oidc: kase === 'empty' ? null : { start: '/sign-in/oidc', issuer: 'id.example' },
    setupNeeded: kase === 'empty',
  })),
  replyTo(accountRoutes.listAccounts)((kase, asked) =>
    pageThrough(kase === 'empty' ? team.slice(0, 1) : [...team], asked),
  ),
  replyTo(customerRoutes.listCustomers)((kase, asked) =>
    pageThrough(kase === 'empty' ? [] : [...customers], asked),
  ),
  replyTo(teamRoutes.listTeams)((kase, asked) => ({
    ...pageThrough(kase === 'empty' ? [] : [firstLine(asked.may('teams.change'))], asked),
    can: { create: asked.may('teams.change') },
  })),
  replyTo(customerRoutes.getCustomer)(() => customers[0]!),
  replyTo(environmentRoutes.listEnvironments)((kase, asked) =>
    pageThrough(kase === 'empty' ? [] : kase === 'thousand' ? manyEnvironments() : [...environments], asked),
  ),
  replyTo(environmentRoutes.getEnvironment)((kase) =>
    kase === 'empty'
      ? {
          ...environments[0]!,
          components: [],
          clusters: [],
          deliveryManager: null,
          plan: null,
          provider: null,
          version: null,
        }
      : environments[0]!,
  ),
  replyTo(keyRoutes.listKeys)((kase) => ({
    rows:
      kase === 'empty'
        ? []
        : [key('alertmanager', 300, now - hours(0.1)), key('old alertmanager', 700, null)],
  })),
  replyTo(tokenRoutes.listMyTokens)((kase) => ({
    rows:
      kase === 'empty'
        ? []
        : [
            {
              id: newId(),
              name: 'laptop',
              hint: 'fnp_9d2…',
              scopes: ['*'],
              createdAt: now - days(30),
              expiresAt: now + days(60),
              revokedAt: null,
              lastUsedAt: now - hours(3),
            },
            {
              id: newId(),
              name: 'read-only dashboard',
              hint: 'fnp_h2m…',
              scopes: Object.keys(permissions)
                .filter((name) => name.endsWith('.read'))
                .slice(0, 5),
              createdAt: now - days(90),
              expiresAt: null,
              revokedAt: null,
              lastUsedAt: null,
            },
          ],
  })),
  replyTo(meRoutes.listMySessions)(() => ({
    rows: [
      {
        id: newId(),
        method: 'passkey',
        userAgent:
          'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36',
        address: '192.0.2.7',
        createdAt: now - hours(5),
        seenAt: now,
        expiresAt: now + days(13),
        current: true,
      },
      {
        id: newId(),
        method: 'password',
        userAgent:
          'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1',
        address: '2001:db8::1f',
        createdAt: now - days(3),
        seenAt: now - hours(9),
        expiresAt: now + days(11),
        current: false,
      },
    ],
  })),
  replyTo(contactMethodRoutes.listContactMethods)((kase) => ({
    rows: kase === 'empty' ? [] : [...contactMethods],
    ways: (['voice', 'sms', 'email', 'slack', 'mattermost', 'ntfy', 'webhook'] as const).map((kind) => ({
      kind,
      works: kind !== 'ntfy',
      why: kind === 'ntfy' ? 'No ntfy server is set here (NTFY_SERVER).' : null,
    })),
  })),
  replyTo(contactMethodRoutes.addContactMethod)(() => ({
    method: contactMethods[1]!,
    secret: 'whsec_shown-this-once',
    code: { kind: 'accepted', detail: 'accepted by the webhook' },
  })),
  replyTo(contactMethodRoutes.sendContactCode)(() => ({
    code: { kind: 'accepted', detail: 'accepted by the webhook' },
  })),
  replyTo(contactMethodRoutes.verifyContactMethod)(() => contactMethods[0]!),
  replyTo(meRoutes.listMyPasskeys)((kase) => ({
    rows:
      kase === 'empty'
        ? []
        : [{ id: 'pk-1', name: 'laptop', createdAt: now - days(20), usedAt: now - hours(5) }],
  })),
]
