/** A small, plainly fictional team for tests, created through the same verbs as everybody else's. */
import { randomBytes } from 'node:crypto'
import type { Role } from '../../domain/people/permissions.ts'
import { actorOfAccount } from '../people/accounts/authenticate.ts'
import { createAccount } from '../people/accounts/create-account.ts'
import { findAccountByHandle } from '../people/accounts/store.ts'
import { createCustomer } from '../people/customers/create-customer.ts'
import { addCluster } from '../people/environments/change-clusters.ts'
import { createKey } from '../people/environments/change-keys.ts'
import { createEnvironment } from '../people/environments/create-environment.ts'
import { ensureInstallation, setupLink } from '../people/index.ts'
import { setUp } from '../people/installation/finish-setup.ts'
import { openSession } from '../people/sign-in/open-session.ts'
import { createMyToken } from '../people/tokens/change-tokens.ts'
import type { Ctx } from '../platform/context.ts'
import type { ContactActor, PersonActor } from '../platform/actor.ts'
import { anonymous, type TestServer } from './test-server.ts'

/** `cookie` is a whole header value; `token` belongs in `Authorization: Bearer`, and a contact has none. */
export type SeededPerson<A extends PersonActor | ContactActor = PersonActor> = {
  readonly id: string
  readonly handle: string
  readonly name: string
  readonly email: string
  readonly actor: A
  readonly cookie: string
} & (A extends PersonActor ? { readonly token: string } : unknown)

export type SeededEnvironment = {
  readonly id: string
  readonly slug: string
  readonly customerId: string
  /** Integration key in plain text. */
  readonly key: string
  readonly keyId: string
}

export type SeededTeam = {
  readonly organisation: string
  readonly administrator: SeededPerson & { readonly password: string }
  readonly engineers: readonly [SeededPerson, SeededPerson, SeededPerson]
  readonly deliveryManager: SeededPerson
  readonly auditor: SeededPerson
  readonly acmeContact: SeededPerson<ContactActor>
  readonly globexContact: SeededPerson<ContactActor>
  readonly acme: { readonly id: string; readonly slug: string }
  readonly globex: { readonly id: string; readonly slug: string }
  readonly acmeProd: SeededEnvironment
  readonly acmeStaging: SeededEnvironment
  readonly globexProd: SeededEnvironment
}

type Server = Pick<TestServer, 'platform' | 'as'>
const noRequest = { headers: { 'user-agent': 'seed' } }
const ORGANISATION = 'Example Operations'
const ZONE = 'Europe/Stockholm'

const nameOf = (handle: string): string => `${handle.slice(0, 1).toUpperCase()}${handle.slice(1)} Example`
const cookieFor = (secret: string): string => `fortnight_session=${secret}`

const firstAdministrator = async (server: Server): Promise<SeededTeam['administrator']> => {
  const { platform } = server
  await ensureInstallation(platform)
  const link = new URL((await setupLink(platform)) ?? '')
  const password = randomBytes(18).toString('base64url')
  const about = { handle: 'ada', name: nameOf('ada'), email: 'ada@example.org' }
  const token = link.searchParams.get('token') ?? ''
  const input = { ...about, token, organisation: ORGANISATION, password, zone: ZONE }
  const session = await setUp(server.as(anonymous), input, noRequest as never)
  const account = await findAccountByHandle(platform.database.db, 'ada')
  if (!account) throw new Error('the setup created nobody')
  const actor = actorOfAccount(account, 'web') as PersonActor
  const made = await createMyToken(server.as(actor), { name: 'seed', scopes: ['*'] })
  return { id: account.id, ...about, actor, cookie: cookieFor(session), token: made.secret, password }
}

const staff = async (server: Server, admin: Ctx, handle: string, role: Role): Promise<SeededPerson> => {
  const about = { handle, name: nameOf(handle), email: `${handle}@example.org` }
  const { id } = await createAccount(admin, { kind: 'staff', ...about, roles: [role], zone: ZONE })
  const actor: PersonActor = { kind: 'person', accountId: id, roles: [role], via: 'web' }
  const token = await createMyToken(server.as(actor), { name: 'seed', scopes: ['*'] })
  const row = { id, kind: 'staff' as const, customer_id: null, roles: [role] }
  const session = await openSession(server.as(anonymous), row, 'demo', noRequest)
  return { id, ...about, actor, token: token.secret, cookie: cookieFor(session) }
}

const contact = async (
  server: Server,
  admin: Ctx,
  handle: string,
  customer: { id: string; slug: string },
): Promise<SeededPerson<ContactActor>> => {
  const about = { handle, name: nameOf(handle), email: `${handle}@${customer.slug}.example` }
  const { id } = await createAccount(admin, {
    kind: 'contact',
    ...about,
    customer: customer.slug,
    zone: ZONE,
  })
  const row = { id, kind: 'contact' as const, customer_id: customer.id, roles: [] }
  const session = await openSession(server.as(anonymous), row, 'demo', noRequest)
  const actor: ContactActor = { kind: 'contact', accountId: id, customerId: customer.id, via: 'web' }
  return { id, ...about, actor, cookie: cookieFor(session) }
}

const environment = async (
  admin: Ctx,
  about: { customer: string; slug: string; name: string; deliveryManager: string },
): Promise<SeededEnvironment> => {
  const made = await createEnvironment(admin, {
    ...about,
    plan: 'managed',
    provider: 'Example Cloud',
    version: '1.36.2',
    components: ['ingress-nginx', 'cert-manager', 'prometheus'],
    commissionedOn: '2026-02-02',
  })
  await addCluster(admin, { environment: made.id, name: 'management', role: 'management', version: '1.36.2' })
  await addCluster(admin, { environment: made.id, name: 'workload-1', role: 'workload', version: '1.36.2' })
  const { key, secret } = await createKey(admin, { environment: made.id, name: 'alertmanager' })
  return { id: made.id, slug: made.slug, customerId: made.customer.id, key: secret, keyId: key.id }
}

/** Call once per test server. 30 transactions, one password hash. */
export const seedTeam = async (server: Server): Promise<SeededTeam> => {
  const administrator = await firstAdministrator(server)
  const admin = server.as(administrator.actor)
  const acme = await createCustomer(admin, { slug: 'acme', name: 'Acme Example' })
  const globex = await createCustomer(admin, { slug: 'globex', name: 'Globex Example' })
  const engineers = [
    await staff(server, admin, 'bo', 'engineer'),
    await staff(server, admin, 'cleo', 'engineer'),
    await staff(server, admin, 'dag', 'engineer'),
  ] as const
  const deliveryManager = await staff(server, admin, 'emil', 'delivery-manager')
  const managed = { deliveryManager: deliveryManager.handle }
  return {
    organisation: ORGANISATION,
    administrator,
    engineers,
    deliveryManager,
    auditor: await staff(server, admin, 'fay', 'auditor'),
    acmeContact: await contact(server, admin, 'gus', acme),
    globexContact: await contact(server, admin, 'hal', globex),
    acme,
    globex,
    acmeProd: await environment(admin, {
      ...managed,
      customer: 'acme',
      slug: 'acme-prod',
      name: 'Acme production',
    }),
    acmeStaging: await environment(admin, {
      ...managed,
      customer: 'acme',
      slug: 'acme-staging',
      name: 'Acme staging',
    }),
    globexProd: await environment(admin, {
      ...managed,
      customer: 'globex',
      slug: 'globex-prod',
      name: 'Globex production',
    }),
  }
}
