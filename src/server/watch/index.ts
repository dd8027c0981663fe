/** What the watch found, for people: the list of alarms, and its place in the metrics. */
import type { FastifyInstance } from 'fastify'
import { ALARM_KINDS, watchRoutes, type AlarmKind, type AlarmReply } from '../../contract/watch.ts'
import { alertness, type AlarmRow } from '../platform/alarms.ts'
import type { Ctx, Platform } from '../platform/context.ts'
import { bind } from '../platform/http/bind.ts'
import type { Reader } from '../platform/messages/languages.ts'
import { saidTo } from '../platform/messages/said.ts'
import { read } from '../platform/record.ts'
import { readerOf } from '../people/index.ts'
import { findAlarms } from './alarm-store.ts'
import { bindHealthPaging } from './health-paging.ts'
import { wordsOf } from './words.ts'

const MOST_SHOWN = 200

const isKnown = (row: AlarmRow): boolean => (ALARM_KINDS as readonly string[]).includes(row.kind)

const present = (row: AlarmRow, reader: Reader): AlarmReply => ({
  id: row.id,
  kind: row.kind as AlarmKind,
  subject: row.subject,
  ...wordsOf(reader, row.kind),
  detail: saidTo(reader, row.detail),
  sinceAt: row.since_at,
  raisedAt: row.raised_at,
  toldAt: row.told_at,
  endedAt: row.ended_at,
})

export const listAlarms = async (ctx: Ctx) => {
  const { rows, reader } = await read(ctx, async (db) => ({
    rows: await findAlarms(db, MOST_SHOWN),
    reader: await readerOf(db, ctx.actor),
  }))
  const { watched } = await alertness(ctx.platform)
  return { rows: rows.filter(isKnown).map((row) => present(row, reader)), watched }
}

export const bindWatch = (http: FastifyInstance, platform: Platform): void => {
  bind(http, watchRoutes, { listAlarms })
  bindHealthPaging(http, platform)
}
