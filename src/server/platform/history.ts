/** Writes what a transaction has to say, in one statement: events, bodies, ledger leaves, tasks. */
import { sql } from 'kysely'
import type { Ctx } from './context.ts'
import type { Tx } from './database.ts'
import type { RecordedEvent } from './events.ts'
import type { PendingWrites } from './record.ts'
import type { LeafRow } from './evidence-outbox.ts'

type Column = (string | number | null)[]

const eventColumns = (events: readonly RecordedEvent[]) => {
  const column = (pick: (event: RecordedEvent) => string | number | null): Column => events.map(pick)
  const seen = new Map<string, number>()
  return {
    ids: column((event) => event.id),
    streamKinds: column((event) => event.streamKind),
    streamIds: column((event) => event.streamId),
    // n-th event of its stream in this transaction; the statement adds the stream's last version.
    ordinals: column((event) => {
      const next = (seen.get(event.streamId) ?? 0) + 1
      seen.set(event.streamId, next)
      return next
    }),
    types: column((event) => event.type),
    vs: column((event) => event.v),
    ats: column((event) => event.at),
    actorKinds: column((event) => event.actorKind),
    actorIds: column((event) => event.actorId ?? null),
    vias: column((event) => event.via),
    customers: column((event) => event.customerId ?? null),
    environments: column((event) => event.environmentId ?? null),
    refs: column((event) => JSON.stringify(event.refs)),
  }
}

const insertEvents = async (db: Tx, now: number, events: readonly RecordedEvent[]): Promise<void> => {
  const c = eventColumns(events)
  await sql`
    insert into events (id, stream_kind, stream_id, version, type, v, at, recorded_at, actor_kind, actor_id, via,
                        customer_id, environment_id, refs)
    select e.id, e.stream_kind, e.stream_id,
           e.ordinal + last_stream_version(e.stream_id),
           e.type, e.v, e.at, ${now}::bigint, e.actor_kind, e.actor_id, e.via, e.customer_id, e.environment_id, e.refs
    from unnest(${c.ids}::uuid[], ${c.streamKinds}::text[], ${c.streamIds}::uuid[], ${c.ordinals}::int[],
                ${c.types}::text[], ${c.vs}::smallint[], ${c.ats}::bigint[], ${c.actorKinds}::text[],
                ${c.actorIds}::uuid[], ${c.vias}::text[], ${c.customers}::uuid[], ${c.environments}::uuid[],
                ${c.refs}::jsonb[])
      as e (id, stream_kind, stream_id, ordinal, type, v, at, actor_kind, actor_id, via, customer_id, environment_id, refs)
  `.execute(db)
}

/** Bodies and leaves of acts. Disclosures travel as JSON text: a text[] column cannot be unnested row by row. */
const insertEvidence = async (
  db: Tx,
  now: number,
  rows: readonly { event: RecordedEvent; disclosures: readonly string[]; leaf: LeafRow }[],
): Promise<void> => {
  await sql`
    with given as (
      select * from unnest(
        ${rows.map(({ event }) => event.id)}::uuid[],
        ${rows.map(({ event }) => event.customerId ?? null)}::uuid[],
        ${rows.map(({ disclosures }) => JSON.stringify(disclosures))}::jsonb[],
        ${rows.map(({ leaf }) => leaf.logId)}::uuid[],
        ${rows.map(({ leaf }) => Buffer.from(leaf.leaf))}::bytea[],
        ${rows.map(({ leaf }) => Buffer.from(leaf.leafHash))}::bytea[]
      ) as g (id, customer_id, disclosures, log_id, leaf, leaf_hash)
    ), pending as (
      insert into ledger_pending (id, log_id, leaf, leaf_hash, created_at)
      select id, log_id, leaf, leaf_hash, ${now}::bigint from given
    )
    insert into event_bodies (event_id, customer_id, disclosures)
    select id, customer_id,
           array(select d.text from jsonb_array_elements_text(g.disclosures) with ordinality as d (text, n) order by d.n)
    from given g
  `.execute(db)
}

/** A replaced task is another task, with an id of its own: the run of the old one, still under way, cannot end the new one. */
const writeTasks = async (db: Tx, now: number, pending: PendingWrites): Promise<void> => {
  if (pending.cancelled.length > 0) {
    await sql`
      delete from tasks t using unnest(
        ${pending.cancelled.map((row) => row.kind)}::text[], ${pending.cancelled.map((row) => row.key)}::text[]
      ) as c (kind, key) where t.kind = c.kind and t.key = c.key and t.parked_at is null`.execute(db)
  }
  const latest = new Map(
    pending.tasks.map((row) => [row.task.key ? `${row.kind.kind}\n${row.task.key}` : row.id, row]),
  )
  const rows = [...latest.values()]
  if (rows.length === 0) return
  await sql`
    insert into tasks (id, kind, lane, key, due_at, payload, created_at)
    select t.id, t.kind, t.lane, t.key, t.due_at, t.payload, ${now}::bigint
    from unnest(
      ${rows.map((row) => row.id)}::uuid[], ${rows.map((row) => row.kind.kind)}::text[],
      ${rows.map((row) => row.kind.lane)}::text[], ${rows.map((row) => row.task.key ?? null)}::text[],
      ${rows.map((row) => row.task.dueAt ?? now)}::bigint[],
      ${rows.map((row) => JSON.stringify(row.task.payload))}::jsonb[]
    ) as t (id, kind, lane, key, due_at, payload)
    on conflict (kind, key) where key is not null and parked_at is null
    do update set id = excluded.id, due_at = excluded.due_at, payload = excluded.payload, attempt = 0,
                  lease_until_at = null, leased_by = null, last_error = null, created_at = excluded.created_at
  `.execute(db)
}

/** Called by record() as the last thing before commit. */
export const writeHistory = async (ctx: Ctx, db: Tx, now: number, pending: PendingWrites): Promise<void> => {
  const events = pending.events.map(({ event }) => event)
  if (events.length > 0) {
    const evidence = []
    for (const event of events) {
      const { disclosures, leaf } = await ctx.platform.outbox.prepare(db, event)
      if (leaf) evidence.push({ event, disclosures, leaf })
    }
    await insertEvents(db, now, events)
    if (evidence.length > 0) await insertEvidence(db, now, evidence)
  }
  await writeTasks(db, now, pending)
}

declare module './database.ts' {
  interface Tables {
    events: {
      id: string
      xid: string
      position: number
      stream_kind: string
      stream_id: string
      version: number
      type: string
      v: number
      at: number
      recorded_at: number
      actor_kind: string
      actor_id: string | null
      via: string
      customer_id: string | null
      environment_id: string | null
      refs: [string, string][]
    }
    event_bodies: { event_id: string; customer_id: string | null; disclosures: string[] }
  }
}
