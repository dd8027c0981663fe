/** Takes due tasks out of the queue with a lease, so that any number of processes share one table. */
import { sql } from 'kysely'
import type { Platform } from '../context.ts'
import { isHeld } from '../held.ts'
import { OUTWARD_LANES, taskKinds, type Lane, type TaskKind } from './task.ts'

export type Claimed = {
  readonly id: string
  readonly kind: string
  readonly lane: Lane
  readonly due_at: number
  readonly attempt: number
  readonly payload: unknown
}

/** A lease further in the future than its kind allows plus this was given by a clock that has since been set back. */
const CLOCK_SLACK_MS = 60_000

/** How many tasks of each lane may be taken now. */
export type Room = ReadonlyMap<Lane, number>
/** Kinds of which no more may be begun now. */
export type Full = ReadonlySet<string>
const NONE: Full = new Set()

type Open = { readonly lanes: readonly Lane[]; readonly kinds: readonly TaskKind<unknown>[] }

/**
 * While an installation is held after a restore, what reaches the outside world stands still. Unknown kinds are left for
 * newer processes: only the kinds this process declares are asked for, in whatever lane an older version put them.
 */
const whatIsOpen = async (platform: Platform, lanes: readonly Lane[], full: Full): Promise<Open> => {
  const kinds = [...taskKinds().values()].filter(({ kind }) => !full.has(kind))
  if (!(await isHeld(platform))) return { lanes, kinds }
  const stays = (lane: Lane): boolean => !OUTWARD_LANES.includes(lane)
  return { lanes: lanes.filter(stays), kinds: kinds.filter(({ lane }) => stays(lane)) }
}

/** The tasks are chosen and locked before the update sees them: a subquery with LIMIT could be run twice by the planner. */
export const claimTasks = async (platform: Platform, room: Room, full = NONE): Promise<Claimed[]> => {
  const { lanes, kinds } = await whatIsOpen(platform, [...room.keys()], full)
  if (kinds.length === 0 || lanes.length === 0) return []
  const now = platform.clock.now()
  const { rows } = await sql<Claimed>`
    with kinds as (
      select * from unnest(${kinds.map(({ kind }) => kind)}::text[], ${kinds.map(({ leaseMs }) => leaseMs)}::bigint[])
        as k (kind, lease_ms)
    ), due as materialized (
      select t.id, t.lease_ms
      from unnest(${lanes}::text[], ${lanes.map((lane) => room.get(lane) ?? 0)}::int[]) as l (lane, room)
      cross join lateral (
        select tasks.id, k.lease_ms from tasks join kinds k on k.kind = tasks.kind
        where tasks.lane = l.lane and due_at <= ${now} and parked_at is null
          and (lease_until_at is null or lease_until_at < ${now}
               or lease_until_at > ${now}::bigint + k.lease_ms + ${CLOCK_SLACK_MS}::bigint)
        order by due_at limit l.room for update of tasks skip locked) t
    )
    update tasks set attempt = attempt + 1, leased_by = ${platform.processId}::uuid,
      lease_until_at = ${now}::bigint + due.lease_ms
    from due where tasks.id = due.id
    returning tasks.id, tasks.kind, tasks.lane, tasks.due_at, tasks.attempt, tasks.payload`.execute(
    platform.database.db,
  )
  return rows.sort((a, b) => a.due_at - b.due_at)
}

/** More of what is run together, until a batch is full. */
export const claimMore = async (
  platform: Platform,
  { kind, lane, leaseMs }: TaskKind<unknown>,
  most: number,
): Promise<Claimed[]> => {
  const now = platform.clock.now()
  const { rows } = await sql<Claimed>`
    with due as materialized (
      select id from tasks
      where kind = ${kind} and lane = ${lane} and due_at <= ${now} and parked_at is null
        and (lease_until_at is null or lease_until_at < ${now}
             or lease_until_at > ${now + leaseMs + CLOCK_SLACK_MS}::bigint)
      order by due_at limit ${most} for update skip locked)
    update tasks set attempt = attempt + 1, leased_by = ${platform.processId}::uuid, lease_until_at = ${now + leaseMs}
    from due where tasks.id = due.id
    returning tasks.id, tasks.kind, tasks.lane, tasks.due_at, tasks.attempt, tasks.payload`.execute(
    platform.database.db,
  )
  return rows
}

/** Milliseconds until the next unleased task of these lanes is due; undefined when none waits. */
export const nextTaskIn = async (
  platform: Platform,
  lanes: readonly Lane[],
  full = NONE,
): Promise<number | undefined> => {
  const open = await whatIsOpen(platform, lanes, full)
  const kinds = open.kinds.map(({ kind }) => kind)
  const { rows } = await sql<{ due: number | null }>`
    select min(t.due_at) as due from unnest(${open.lanes}::text[]) as l (lane)
    cross join lateral (
      select due_at from tasks
      where lane = l.lane and kind = any(${kinds}::text[]) and parked_at is null and lease_until_at is null
      order by due_at limit 1) t`.execute(platform.database.db)
  const due = rows[0]?.due
  return due === null || due === undefined ? undefined : due - platform.clock.now()
}

declare module '../database.ts' {
  interface Tables {
    tasks: {
      id: string
      kind: string
      lane: string
      key: string | null
      due_at: number
      payload: unknown
      attempt: number
      lease_until_at: number | null
      leased_by: string | null
      parked_at: number | null
      last_error: string | null
      created_at: number
    }
  }
}
