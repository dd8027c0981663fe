/** What every verb is handed: who acts, the clock, ids, and the platform to record on. */
import type { Role } from '../../domain/people/permissions.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import type { Database, Tx } from './database.ts'
import type { EvidenceOutbox } from './evidence-outbox.ts'
import type { Ids } from './ids.ts'
import type { Secrets } from './secrets.ts'
import type { Log } from './log.ts'
import type { Notifier } from './notify.ts'
import type { Reactions } from './reactions.ts'

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

/** The process-wide parts, made once in boot.ts. */
export type Platform = {
  readonly config: Config
  readonly database: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly notifier: Notifier
  readonly reactions: Reactions
  readonly outbox: EvidenceOutbox
  readonly secrets: Secrets
  readonly processId: string
}

export type Ctx = {
  readonly actor: Actor
  readonly platform: Platform
  readonly requestId: string
  readonly log: Log
  /** Address of the caller as far as we can tell; shown in session lists, never in the ledger. */
  readonly address: string
  /** Runs last in each write transaction of this request: how a stored reply commits together with the work. */
  readonly beforeCommit?: (db: Tx, now: number, answer: unknown) => Promise<void>
}

export const systemCtx = (platform: Platform, task: string): Ctx => ({
  actor: { kind: 'system', task, via: 'system' },
  platform,
  requestId: `${task}-${platform.ids.next(platform.clock.now()).slice(-12)}`,
  log: platform.log,
  address: '',
})

/** For commands on the server's machine; the ledger names the host itself as who acted. */
export const hostCtx = (platform: Platform): Ctx => ({
  actor: { kind: 'host', via: 'cli' },
  platform,
  requestId: `host-${platform.ids.next(platform.clock.now()).slice(-12)}`,
  log: platform.log,
  address: '',
})

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
