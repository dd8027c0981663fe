/** Heartbeats in a configuration document. What was heard of them is no configuration. */
import { z } from 'zod'
import { line, prose, slug } from '../../../contract/shapes.ts'
import type { Priority } from '../../../domain/operations/alerts/priority.ts'
import { configurationSection } from '../../people/configuration/section.ts'
import type { WriteTx } from '../../platform/record.ts'
import { defineHeartbeatIn, removeHeartbeatIn } from './change-heartbeat.ts'
import { heartbeatsInUse } from './store.ts'

const MINUTE_MS = 60_000
const YEAR_MINUTES = 366 * 24 * 60

const heartbeatDocument = z.strictObject({
  environment: slug,
  name: line(200),
  /** Whole minutes between two pings, at most. */
  everyMinutes: z.number().int().min(1).max(YEAR_MINUTES),
  priority: z.number().int().min(1).max(5).optional(),
  description: prose(10_000).optional(),
  alertMessage: z.union([z.literal(''), line(130)]).optional(),
  enabled: z.boolean().optional(),
})
type HeartbeatDocument = z.output<typeof heartbeatDocument>

const nameOf = ({ environment, name }: Pick<HeartbeatDocument, 'environment' | 'name'>): string =>
  `${environment}/${name}`

const define = async (
  tx: WriteTx,
  { environment, name, everyMinutes, priority, ...rest }: HeartbeatDocument,
): Promise<void> => {
  const said = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  await defineHeartbeatIn(tx, {
    environment,
    name,
    mode: 'either',
    changed: {
      ...said,
      ...(priority === undefined ? {} : { priority: priority as Priority }),
      intervalMs: everyMinutes * MINUTE_MS,
    },
  })
}

configurationSection<HeartbeatDocument>({
  key: 'heartbeats',
  kind: 'heartbeat',
  order: 90,
  schema: heartbeatDocument,
  nameOf,
  references: ({ environment }) => [{ path: ['environment'], section: 'environments', name: environment }],
  read: async (db) =>
    (await heartbeatsInUse(db)).map(({ environment, row }) => ({
      environment,
      name: row.name,
      // Machines may say seconds; a file says the minutes within which they fall.
      everyMinutes: Math.max(1, Math.round(row.interval_ms / MINUTE_MS)),
      priority: row.priority,
      description: row.description,
      alertMessage: row.alert_message,
      enabled: row.enabled,
    })),
  create: define,
  update: define,
  archive: async (tx, name) => {
    const [environment = '', ...rest] = name.split('/')
    await removeHeartbeatIn(tx, { environment, name: rest.join('/') })
  },
})
