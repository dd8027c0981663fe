/** The ledger as clients see it: its logs, their entries, the public files that witnesses and monitors fetch, recovery, erasure. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { environmentRef, id, instant, line, pageOf, paging, personRef, prose } from '../shapes.ts'

/** Base64 of a Merkle root. */
const root = z.string().regex(/^[A-Za-z0-9+/]{43}=$/, 'base64 of 32 bytes')
const size = z.number().int().min(0)
const head = z.object({ size, root })

export const contradiction = z.object({
  log: id,
  /** The signed head that this database does not hold. */
  size,
  root,
  source: z.enum(['key-folder', 'checkpoint', 'handed-in']),
  foundAt: instant,
  /** What it holds instead. */
  held: head,
  environment: environmentRef.nullable(),
})

export const ledgerLog = z.object({
  id,
  origin: z.string(),
  /** null for the organisation's own log. */
  environment: environmentRef.nullable(),
  size,
  root: root.nullable(),
  checkpoint: z.object({ size, root, signedAt: instant }).nullable(),
  /** Acts that are committed and not in the log yet, and the age of the oldest. */
  pending: z.number().int(),
  delayMs: z.number().int(),
  /** Windows of received rows sealed into this log. */
  windows: z.number().int(),
  createdAt: instant,
})
export type LedgerLogReply = z.infer<typeof ledgerLog>

export const ledgerView = z.object({
  sequencer: z.object({
    /** absent: nobody with the engine role and the key runs. stopped: a recovery has to be recorded first. */
    state: z.enum(['at-work', 'absent', 'stopped']),
    since: instant.nullable(),
    seenAt: instant.nullable(),
  }),
  pending: z.number().int(),
  delayMs: z.number().int(),
  contradictions: z.array(contradiction),
  logs: z.array(ledgerLog),
  keysUrl: z.string(),
  can: z.object({
    export: z.boolean(),
    recover: z.boolean(),
    erase: z.boolean(),
  }),
})

const actor = z.object({
  kind: z.string(),
  /** null for keys, the system and strangers. */
  person: personRef.nullable(),
})

export const ledgerEntryRow = z.object({
  /** Place in the log, from 0 on. */
  number: z.number().int(),
  id,
  type: z.string(),
  at: instant,
  recordedAt: instant,
  actor,
  via: z.string(),
  /** A few words of it, for people; null where it has none or they were erased. */
  headline: z.string().nullable(),
  fields: z.array(z.string()),
  erasedFields: z.array(z.string()),
})
export type LedgerEntryReply = z.infer<typeof ledgerEntryRow>

export const ledgerEntry = ledgerEntryRow.extend({
  log: id,
  environment: environmentRef.nullable(),
  refs: z.array(z.tuple([z.string(), id])),
  values: z.array(z.object({ name: z.string(), value: z.unknown(), digest: z.string() })),
  erased: z.array(
    z.object({ field: z.string(), digest: z.string(), reason: z.string(), at: instant, byEntry: id }),
  ),
  blobs: z.array(z.object({ kind: z.string(), sha256: z.string(), size: z.number().int() })),
  /** The exact bytes that are hashed, as text. */
  leaf: z.string(),
  leafHash: z.string(),
  /** That it stands in the newest checkpoint; null while that is older than the entry. */
  proof: z.object({ size, root, hashes: z.array(z.string()), checkpoint: z.string() }).nullable(),
})

const byLog = z.object({ log: id })
const raw = z.unknown()

export const ledgerRoutes = defineRoutes({
  getLedger: {
    method: 'GET',
    path: '/api/evidence',
    summary: 'The logs of the ledger, how far each has come, what waits, and what contradicts.',
    permission: 'evidence.read',
    reply: ledgerView,
  },
  listLedgerEntries: {
    method: 'GET',
    path: '/api/evidence/logs/:log/entries',
    summary: 'Entries of a log, newest first.',
    permission: 'evidence.read',
    params: byLog,
    query: paging.extend({
      /** `decision`, or a whole type such as `decision.proposed`. */
      type: z
        .string()
        .regex(/^[a-z][a-z0-9.-]{0,63}$/)
        .optional(),
    }),
    reply: pageOf(ledgerEntryRow),
    errors: ['not-found'],
  },
  getLedgerEntry: {
    method: 'GET',
    path: '/api/evidence/entries/:entryId',
    summary: 'One entry with its words, its exact bytes, and the proof that it is in the log.',
    permission: 'evidence.read',
    params: z.object({ entryId: id }),
    reply: ledgerEntry,
    errors: ['not-found'],
  },
  handInHead: {
    method: 'POST',
    path: '/api/evidence/heads',
    summary:
      'Compares a checkpoint that somebody kept with the ledger; one that contradicts stops sequencing.',
    permission: 'evidence.export',
    body: z.object({ note: z.string().min(1).max(20_000) }),
    reply: z.object({ verdict: z.enum(['held', 'contradicts']), log: id, size, held: head }),
    errors: ['not-found'],
  },
  recoverLedger: {
    method: 'POST',
    path: '/api/evidence/recovery',
    summary: 'The recovery ceremony: acknowledges heads that a restored database lacks; sequencing goes on.',
    permission: 'evidence.recover',
    body: z.object({
      reason: prose(2_000).min(10, 'say in a sentence what happened'),
      /** Every head of `contradictions`, typed or copied by the person who answers for it. */
      heads: z
        .array(z.object({ log: id, size, root }))
        .min(1)
        .max(1_000),
    }),
    reply: z.object({ recovered: z.array(z.object({ log: id, size })) }),
    errors: ['conflict'],
  },
  eraseFields: {
    method: 'POST',
    path: '/api/evidence/erasures',
    summary: 'Removes fields of an entry for good. The entry, the digests and the reason stay.',
    permission: 'evidence.erase',
    body: z.object({
      eventId: id,
      fields: z.array(line(100)).min(1).max(100),
      /** Never the words themselves: the reason stays. */
      reason: prose(1_000).min(10, 'say in a sentence why'),
    }),
    reply: z.object({
      entry: id,
      erasedBy: id,
      fields: z.array(z.string()),
      digests: z.array(z.string()),
    }),
    errors: ['not-found', 'conflict'],
  },
  getCheckpoint: {
    method: 'GET',
    path: '/evidence/logs/:log/checkpoint',
    summary: 'The newest signed checkpoint (C2SP tlog-checkpoint).',
    permission: 'public',
    params: byLog,
    reply: raw,
    errors: ['not-found'],
  },
  getEntryBundle: {
    method: 'GET',
    path: '/evidence/logs/:log/tile/entries/*',
    summary: 'A bundle of entries (C2SP tlog-tiles): pseudonyms and digests, no words.',
    permission: 'evidence.read',
    params: byLog.extend({ '*': z.string().max(200) }),
    reply: raw,
    errors: ['not-found'],
  },
  getHashTile: {
    method: 'GET',
    path: '/evidence/logs/:log/tile/*',
    summary: 'A tile of hashes (C2SP tlog-tiles).',
    permission: 'public',
    params: byLog.extend({ '*': z.string().max(200) }),
    reply: raw,
    errors: ['not-found'],
  },
  getKeys: {
    method: 'GET',
    path: '/evidence/keys.txt',
    summary: 'The public keys of checkpoints and packs, as a policy for `fortnight verify --policy`.',
    permission: 'public',
    query: z.object({ log: id.optional() }),
    reply: raw,
    errors: ['not-found'],
  },
})
