/** Turns each act into its ledger leaf: salted disclosures of its fields, a pseudonym for the actor, exact bytes. */
import { createHmac, hash, randomBytes } from 'node:crypto'
import { base64Of } from '../../domain/evidence/ledger/base64.ts'
import { disclosureOf, digestOfDisclosure } from '../../domain/evidence/ledger/disclosure.ts'
import { encodeLeaf } from '../../domain/evidence/ledger/leaf.ts'
import { leafHash } from '../../domain/evidence/ledger/rfc6962.ts'
import type { Tx } from './database.ts'
import type { RecordedEvent } from './events.ts'

export const sha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer')

export type LedgerLog = { readonly id: string; readonly pseudonymKey: Uint8Array }
export type LeafRow = {
  readonly id: string
  readonly logId: string
  readonly leaf: Uint8Array
  readonly leafHash: Uint8Array
}
export type Prepared = { readonly disclosures: readonly string[]; readonly leaf: LeafRow | undefined }

export type EvidenceOutbox = {
  /** The log of an environment, or the organisation's for undefined. Throws when there is none: a log is made with its environment. */
  readonly logOf: (db: Tx, environmentId: string | undefined) => Promise<LedgerLog>
  readonly prepare: (db: Tx, event: RecordedEvent) => Promise<Prepared>
  /** This transaction is committed: what it looked up may be remembered. */
  readonly committed: (db: Tx) => void
}

const SALT_BYTES = 16
const MOST_PSEUDONYMS = 20_000

/** The same person has unrelated names in two logs: customers cannot compare their logs to learn who works elsewhere. */
export const pseudonymOf = (key: Uint8Array, actor: string): string =>
  `a_${createHmac('sha256', key).update(actor).digest().subarray(0, 16).toString('base64url')}`

/** Fresh random bytes in a server; fixed ones where a test holds the exact bytes of a leaf. */
export type Salts = (bytes: number) => Uint8Array

/** The leaf of an act and the disclosures it commits to: one salted text a field, digests sorted so that order tells nothing. */
export const leafOf = (
  log: LedgerLog,
  event: RecordedEvent,
  actor: string,
  salts: Salts,
  seen?: SeenHead,
): Prepared => {
  const fields = Object.entries(event.body).filter(([, value]) => value !== undefined)
  const salt = salts(SALT_BYTES * fields.length)
  const disclosures = fields.map(([name, value], index) =>
    disclosureOf(salt.subarray(index * SALT_BYTES, (index + 1) * SALT_BYTES), name, value),
  )
  const leaf = encodeLeaf({
    v: 1,
    log: log.id,
    id: event.id,
    type: event.type,
    at: new Date(event.at).toISOString(),
    actor,
    via: event.via,
    refs: event.refs,
    sd: disclosures.map((text) => digestOfDisclosure(text, sha256)).sort(),
    ...(event.blobs.length > 0 ? { blobs: event.blobs } : {}),
    ...(seen ? { prev_cp: { size: seen.size, root: base64Of(seen.root) } } : {}),
  })
  return { disclosures, leaf: { id: event.id, logId: log.id, leaf, leafHash: leafHash(leaf, sha256) } }
}

/** A signed head of the log that is written to. */
type SeenHead = { readonly size: number; readonly root: Uint8Array }

/**
 * What people lean on later says which head its writer had seen: whoever forks the log has to rewrite these, too. Tenants'
 * own transactions may not read heads, whose sizes count what happens.
 */
const saysWhatItSaw = ({ type, actorKind }: RecordedEvent): boolean =>
  /^(?:session|decision)\./.test(type) && actorKind !== 'contact' && actorKind !== 'integration'

const seenHead = (db: Tx, logId: string): Promise<SeenHead | undefined> =>
  db
    .selectFrom('ledger_checkpoints')
    .select(['size', 'root'])
    .where('log_id', '=', logId)
    .where('size', '>', 0)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('ledger_contradictions')
            .select('id')
            .whereRef('ledger_contradictions.log_id', '=', 'ledger_checkpoints.log_id')
            .whereRef('ledger_contradictions.size', '=', 'ledger_checkpoints.size')
            .whereRef('ledger_contradictions.root', '=', 'ledger_checkpoints.root'),
        ),
      ),
    )
    .orderBy('signed_at', 'desc')
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst()

export const openEvidenceOutbox = (): EvidenceOutbox => {
  const logs = new Map<string, LedgerLog>()
  // A log made in a transaction that is rolled back must be forgotten with it: of twenty processes that make the first
  // log at once nineteen lose, and remembering theirs would make every later act of that process fail.
  const uncommitted = new WeakMap<Tx, Map<string, LedgerLog>>()
  const pseudonyms = new Map<string, string>()

  const logOf = async (db: Tx, environmentId: string | undefined): Promise<LedgerLog> => {
    const name = environmentId ?? ''
    const ours = uncommitted.get(db)
    const known = logs.get(name) ?? ours?.get(name)
    if (known) return known
    const row = await db
      .selectFrom('ledger_logs')
      .select(['id', 'pseudonym_key'])
      .where('environment_id', environmentId === undefined ? 'is' : '=', environmentId ?? null)
      .executeTakeFirst()
    if (!row) throw new Error(`no ledger log for ${environmentId ?? 'the organisation'}`)
    const log = { id: row.id, pseudonymKey: row.pseudonym_key }
    if (ours) ours.set(name, log)
    else uncommitted.set(db, new Map([[name, log]]))
    return log
  }

  const pseudonym = (log: LedgerLog, event: RecordedEvent): string => {
    const actor = event.actorId ?? event.actorKind
    const cacheKey = log.id + actor
    let known = pseudonyms.get(cacheKey)
    if (!known) {
      if (pseudonyms.size >= MOST_PSEUDONYMS) pseudonyms.clear()
      known = pseudonymOf(log.pseudonymKey, actor)
      pseudonyms.set(cacheKey, known)
    }
    return known
  }

  const prepare = async (db: Tx, event: RecordedEvent): Promise<Prepared> => {
    if (event.class === 'observation') return { disclosures: [], leaf: undefined }
    const log = await logOf(db, event.environmentId)
    const seen = saysWhatItSaw(event) ? await seenHead(db, log.id) : undefined
    return leafOf(log, event, pseudonym(log, event), randomBytes, seen)
  }
  const committed = (db: Tx): void => {
    for (const [name, log] of uncommitted.get(db) ?? []) logs.set(name, log)
  }
  return { logOf, prepare, committed }
}

declare module './database.ts' {
  interface Tables {
    ledger_logs: {
      id: string
      environment_id: string | null
      customer_id: string | null
      origin: string
      pseudonym_key: Buffer
      created_at: number
      closed_at: number | null
    }
    ledger_pending: { id: string; log_id: string; leaf: Buffer; leaf_hash: Buffer; created_at: number }
  }
}
