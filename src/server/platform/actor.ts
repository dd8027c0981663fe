/** Who acts: part of every context and of every ledger leaf. */
import type { Role } from '../../domain/people/permissions.ts'

/** How a person's hand reached us; part of every ledger leaf. */
export type Via = 'web' | 'cli' | 'api' | 'link' | 'system' | 'integration'

export type PersonActor = {
  readonly kind: 'person'
  readonly accountId: string
  readonly roles: readonly Role[]
  /** undefined = everything the roles allow; otherwise the token's narrower scopes. */
  readonly scopes?: readonly string[]
  readonly via: Via
  readonly sessionId?: string
  readonly tokenId?: string
}
export type ContactActor = {
  readonly kind: 'contact'
  readonly accountId: string
  readonly customerId: string
  readonly via: Via
  readonly sessionId?: string
}
export type IntegrationActor = {
  readonly kind: 'integration'
  readonly keyId: string
  readonly environmentId: string
  readonly customerId: string
  readonly via: 'integration'
}
export type SystemActor = { readonly kind: 'system'; readonly task: string; readonly via: 'system' }
/** Whoever may read the key files and the database on the server's own machine: above every role, and on record. */
export type HostActor = { readonly kind: 'host'; readonly via: 'cli' }
export type AnonymousActor = { readonly kind: 'anonymous'; readonly via: Via }
export type Actor = PersonActor | ContactActor | IntegrationActor | SystemActor | HostActor | AnonymousActor

/** The customer to whom this actor's sight is confined; undefined for staff and the engine. */
export const tenantOf = (actor: Actor): string | undefined =>
  actor.kind === 'contact' || actor.kind === 'integration' ? actor.customerId : undefined

/** The id that stands for this actor in events; undefined for anonymous. */
export const actorId = (actor: Actor): string | undefined => {
  switch (actor.kind) {
    case 'person':
    case 'contact':
      return actor.accountId
    case 'integration':
      return actor.keyId
    case 'system':
    case 'host':
    case 'anonymous':
      return undefined
  }
}
