/** Incidents as lists and as the cockpit. */
import type {
  IncidentDetailReply,
  IncidentRowReply,
  incidentRoutes,
} from '../../../contract/operations/incidents.ts'
import type { InputOf, ReplyOf } from '../../../contract/route.ts'
import type { IncidentState } from '../../../domain/operations/incidents/incident.ts'
import { timelineOf, timingsOf } from '../../../domain/operations/incidents/timeline.ts'
import { may } from '../../../domain/people/permissions.ts'
import { readerOf } from '../../people/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { actorId } from '../../platform/actor.ts'
import type { Db } from '../../platform/database.ts'
import { bodyOf } from '../../platform/event-body.ts'
import { notFound } from '../../platform/faults.ts'
import { cutPage, DEFAULT_LIMIT, readKeyset } from '../../platform/keyset.ts'
import { read } from '../../platform/record.ts'
import { loadStream } from '../../platform/stream.ts'
import { findDecisionRefs } from '../decision-log/index.ts'
import { findLastChangesOf } from '../operator-log/index.ts'
import { eventsFrom, incidentFrom } from './state.ts'
import {
  findAlertsByIds,
  findAwake,
  findColleagueNames,
  findIncident,
  findIncidents,
  findPageTimes,
  findSessionsByIds,
  type IncidentListRow,
} from './store.ts'

/** "Awake": heard from within this time. */
const AWAKE_MS = 10 * 60_000
const CHANGES_MS = 7 * 24 * 3_600_000
const NO_TIMINGS = {
  detectedMs: null,
  pagedMs: null,
  acknowledgedMs: null,
  firstDecisionMs: null,
  firstActMs: null,
  mitigatedMs: null,
  resolvedMs: null,
}

export const presentIncident = (row: IncidentListRow): IncidentRowReply => ({
  id: row.id,
  number: `I-${row.number}`,
  environment: { id: row.environment_id, slug: row.environment_slug, name: row.environment_name },
  title: String(bodyOf(row.disclosures ?? [])['title'] ?? '(erased)'),
  status: row.status,
  phase: row.phase,
  severity: row.severity,
  loop: row.loop,
  openedAt: row.opened_at,
  openedBy: { id: row.opened_by, name: row.opened_by_name },
  impactStartedAt: row.impact_started_at,
  impactEndedAt: row.impact_ended_at,
  mitigatedAt: row.mitigated_at,
  resolvedAt: row.resolved_at,
})

export const listIncidents = (
  ctx: Ctx,
  input: InputOf<typeof incidentRoutes.listIncidents>,
): Promise<ReplyOf<typeof incidentRoutes.listIncidents>> => {
  const limit = input.limit ?? DEFAULT_LIMIT
  return read(ctx, async (db) => {
    const rows = await findIncidents(db, {
      limit: limit + 1,
      ...(input.status ? { status: input.status } : {}),
      ...(input.environment ? { environment: input.environment } : {}),
      ...readKeyset(input.after),
    })
    const { shown, next } = cutPage(rows, limit, (row) => [row.opened_at, row.id])
    return { rows: shown.map(presentIncident), next }
  })
}

type Naming = (id: string) => { id: string; name: string }

/** The team is small: one query names everybody an incident can mention. */
const namesOf = async (db: Db): Promise<Naming> => {
  const names = await findColleagueNames(db)
  return (id) => ({ id, name: names.get(id) ?? 'somebody' })
}

const presentState = (state: IncidentState, person: Naming) => ({
  impact: state.impact,
  outsideTicket:
    state.outsideTicket &&
    (state.outsideTicket.kind === 'url'
      ? { text: state.outsideTicket.url, url: state.outsideTicket.url }
      : { text: state.outsideTicket.key, url: null }),
  pins: state.pins.map((pin) => ({ ...pin })),
  hypotheses: state.hypotheses.map((one) => ({
    id: one.id,
    statement: one.statement,
    status: one.status,
    proposedBy: person(one.proposedBy),
    for: [...one.for],
    against: [...one.against],
  })),
  participants: state.participants.map((one) => ({
    ...person(one.accountId),
    joinedAt: one.joinedAt,
    leftAt: one.leftAt,
  })),
  escalations: state.escalations.map((one) => ({
    to: one.to.kind === 'role' ? one.to.role : person(one.to.accountId).name,
    reason: one.reason,
    by: person(one.by),
    at: one.at,
  })),
  loops: state.loops.map((loop) => ({ ...loop })),
})

const allowed = (ctx: Ctx, state: IncidentState): IncidentDetailReply['can'] => {
  const change = may(ctx.actor, 'incidents.change')
  return {
    change: change && state.status !== 'resolved',
    mitigate: change && state.status === 'open',
    resolve: change && state.status !== 'resolved',
    reopen: change && state.status !== 'open',
    judgeAct: change && state.status !== 'resolved' && state.loops.at(-1)?.firstActAt !== null,
  }
}

const priorityOf = (priority: number): string => `P${priority}`

export const getIncident = (ctx: Ctx, { incidentId }: { incidentId: string }): Promise<IncidentDetailReply> =>
  read(ctx, async (db) => {
    const row = await findIncident(db, incidentId)
    const history = row ? await loadStream(db, incidentId) : []
    const state = incidentFrom(history)
    if (!row || !state) throw notFound('This incident')
    const events = eventsFrom(history)
    const person = await namesOf(db)
    const now = ctx.platform.clock.now()
    const alerts = await findAlertsByIds(db, state.alertIds)
    const sessions = await findSessionsByIds(db, state.sessionIds)
    const awake = await findAwake(db, now - AWAKE_MS, actorId(ctx.actor) ?? incidentId)
    return {
      ...presentIncident(row),
      ...presentState(state, person),
      alerts: alerts.map((alert) => ({
        id: alert.id,
        name: alert.name,
        summary: alert.summary,
        priority: priorityOf(alert.priority),
        status: alert.status,
        startsAt: alert.starts_at,
      })),
      observe: {
        lastChanges: await findLastChangesOf(
          db,
          await readerOf(db, ctx.actor),
          row.environment_id,
          now - CHANGES_MS,
        ),
        awake: awake.map((one) => ({ id: one.id, name: one.name, seenAt: Number(one.seen_at) })),
      },
      decisions: await findDecisionRefs(db, state.decisionIds),
      sessions: sessions.map((session) => ({
        id: session.id,
        kind: session.kind,
        operator: session.operator,
        state: session.status,
        startedAt: session.started_at,
      })),
      timeline: timelineOf(events).map((entry) => ({
        at: entry.at,
        by: person(entry.by),
        loop: entry.loop,
        phase: entry.phase,
        what: entry.what,
        about: entry.about,
      })),
      timings: timingsOf(events, await findPageTimes(db, state.alertIds)) ?? NO_TIMINGS,
      can: allowed(ctx, state),
    }
  })
