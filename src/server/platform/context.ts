/** What every verb is handed: who acts, the clock, ids, and the platform to record on. */
import type { Actor } from './actor.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import type { Database, Tx } from './database.ts'
import type { EvidenceOutbox } from './evidence-outbox.ts'
import type { Ids } from './ids.ts'
import type { Secrets } from './secrets.ts'
import type { Log } from './log.ts'
import type { Notifier } from './notify.ts'
import type { Reactions } from './reactions.ts'

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
