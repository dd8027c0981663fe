/** What the watch found, for people: the list of alarms, and its place in the metrics. */
import type { FastifyInstance } from 'fastify'
import { ALARM_KINDS, watchRoutes, type AlarmKind, type AlarmReply } from '../../contract/watch.ts'
import { alertness, type AlarmRow } from '../platform/alarms.ts'
import type { Ctx } from '../platform/context.ts'
import { bind } from '../platform/http/bind.ts'
import { IN_ENGLISH } from '../platform/messages/languages.ts'
import { read } from '../platform/record.ts'
import { findAlarms } from './alarm-store.ts'
import { wordsOf } from './words.ts'

const MOST_SHOWN = 200

const isKnown = (row: AlarmRow): boolean => (ALARM_KINDS as readonly string[]).includes(row.kind)

const present = (row: AlarmRow): AlarmReply => ({
  id: row.id,
  kind: row.kind as AlarmKind,
  subject: row.subject,
  ...wordsOf(IN_ENGLISH, row.kind),
  detail: row.detail,
  sinceAt: row.since_at,
  raisedAt: row.raised_at,
  toldAt: row.told_at,
  endedAt: row.ended_at,
})

export const listAlarms = async (ctx: Ctx) => {
  const rows = await read(ctx, (db) => findAlarms(db, MOST_SHOWN))
  const { watched } = await alertness(ctx.platform)
  return { rows: rows.filter(isKnown).map(present), watched }
}

export const bindWatch = (http: FastifyInstance): void => bind(http, watchRoutes, { listAlarms })
