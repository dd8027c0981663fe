/** Alarms: what the auditor of paging finds wrong with the machinery itself. */
import { z } from 'zod'
import { defineRoutes } from './route.ts'
import { id, instant } from './shapes.ts'

export const ALARM_KINDS = [
  'promise-without-outcome',
  'step-late',
  'nobody-told',
  'no-engine',
  'engine-idle',
  'tasks-parked',
  'evidence-late',
  'clock-skew',
  'mail-off',
  'empty-schedule',
  'unverified-contact',
  'drill-missed',
] as const
export const alarmKind = z.enum(ALARM_KINDS)
export type AlarmKind = z.infer<typeof alarmKind>

export const alarmRow = z.object({
  id,
  kind: alarmKind,
  /** What it is about: the id of a page, of a rota, a person or a drill, the kind of a task, a host. */
  subject: z.string(),
  /** One sentence that says what is wrong. */
  title: z.string(),
  detail: z.string(),
  /** What a person can do about it. */
  advice: z.string(),
  sinceAt: instant,
  raisedAt: instant,
  /** When administrators were last written to about it; null while nobody could be. */
  toldAt: instant.nullable(),
  endedAt: instant.nullable(),
})
export type AlarmReply = z.infer<typeof alarmRow>

export const watchRoutes = defineRoutes({
  listAlarms: {
    method: 'GET',
    path: '/api/alarms',
    summary: 'What is wrong with the machinery at this moment, and the latest that has ended.',
    permission: 'installation.read',
    reply: z.object({
      rows: z.array(alarmRow),
      /** Whether an auditor is at work; without one an empty list says nothing. */
      watched: z.boolean(),
    }),
  },
})
