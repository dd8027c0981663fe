/** Heartbeats in OpsGenie's words. */
import type { OpsGenieHeartbeat } from '../../../contract/compat/opsgenie-heartbeats.ts'
import { readPriority } from '../../../domain/operations/alerts/alert-from-opsgenie.ts'
import { readText } from '../../../domain/operations/alerts/sent-text.ts'
import type { Heartbeat } from '../../../domain/operations/heartbeats/heartbeat.ts'
import {
  defineHeartbeat,
  heartbeatNamed,
  heartbeatsOfKey,
  pingHeartbeat,
  removeHeartbeat,
  type HeardHeartbeat,
} from '../../operations/heartbeats/index.ts'
import { OpsGenieFault, unusable } from './answer.ts'
import type { Call } from './call.ts'

const longest = { name: 200, description: 10_000, alertMessage: 130 } as const
const units = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const
type Unit = keyof typeof units
const LONGEST_MS = 366 * units.days

const present = (row: HeardHeartbeat): OpsGenieHeartbeat => {
  const intervalUnit =
    (['days', 'hours'] as const).find((unit) => row.interval_ms % units[unit] === 0) ?? 'minutes'
  return {
    name: row.name,
    description: row.description,
    interval: row.interval_ms / units[intervalUnit],
    intervalUnit,
    enabled: row.enabled,
    expired: row.expired_at !== null,
    ...(row.last_at === null ? {} : { lastPingTime: new Date(row.last_at).toISOString() }),
    alertMessage: row.alert_message,
    alertPriority: `P${row.priority}` as OpsGenieHeartbeat['alertPriority'],
    alertTags: [],
  }
}

const readName = (given: unknown): string => {
  const name = readText(given, 'name', longest.name, [])
  if (name === '') throw unusable('name', 'Name can not be empty.')
  return name
}
const nameIn = (call: Call): string => readName(call.params['name'])

const readInterval = ({ interval, intervalUnit }: Readonly<Record<string, unknown>>): number => {
  const unit = typeof intervalUnit === 'string' ? intervalUnit.trim().toLowerCase() : ''
  if (!Object.hasOwn(units, unit)) throw unusable('intervalUnit', 'intervalUnit is minutes, hours or days.')
  const count = typeof interval === 'number' ? interval : Number.NaN
  const intervalMs = count * units[unit as Unit]
  if (!Number.isInteger(count) || count < 1 || intervalMs > LONGEST_MS)
    throw unusable('interval', 'interval is a whole number from 1 on, and at most a year.')
  return intervalMs
}

/** Only what is said: the rest stays as it is. */
const readChange = ({ body }: Call): Partial<Heartbeat> => {
  const priority = readPriority(body['alertPriority'])
  if (body['alertPriority'] !== undefined && priority === undefined)
    throw unusable('alertPriority', 'alertPriority is one of P1, P2, P3, P4 and P5.')
  const text = (name: 'description' | 'alertMessage') =>
    body[name] === undefined ? {} : { [name]: readText(body[name], name, longest[name], []) }
  return {
    ...text('description'),
    ...text('alertMessage'),
    ...(priority === undefined ? {} : { priority }),
    ...(typeof body['enabled'] === 'boolean' ? { enabled: body['enabled'] } : {}),
    ...(body['interval'] === undefined && body['intervalUnit'] === undefined
      ? {}
      : { intervalMs: readInterval(body) }),
  }
}

const done = (result: string, row: { name: string; enabled: boolean; expired_at: number | null }) => ({
  result,
  data: { name: row.name, enabled: row.enabled, expired: row.expired_at !== null },
})

export const createHeartbeat = async (call: Call) => {
  const name = readName(call.body['name'])
  const changed = { ...readChange(call), intervalMs: readInterval(call.body) }
  return done('Created', await defineHeartbeat(call.ctx, { name, mode: 'create', changed }))
}

export const updateHeartbeat = async (call: Call) =>
  done(
    'Updated',
    await defineHeartbeat(call.ctx, { name: nameIn(call), mode: 'change', changed: readChange(call) }),
  )

const switched = (enabled: boolean, result: string) => async (call: Call) =>
  done(result, await defineHeartbeat(call.ctx, { name: nameIn(call), mode: 'change', changed: { enabled } }))
export const enableHeartbeat = switched(true, 'Enabled')
export const disableHeartbeat = switched(false, 'Disabled')

export const deleteHeartbeat = async (call: Call) => {
  const name = nameIn(call)
  await removeHeartbeat(call.ctx, { name })
  return done('Deleted', { name, enabled: false, expired_at: null })
}

export const listHeartbeats = async (call: Call) => ({
  data: { heartbeats: (await heartbeatsOfKey(call.ctx)).map(present) },
})

export const getHeartbeat = async (call: Call) => {
  const row = await heartbeatNamed(call.ctx, nameIn(call))
  if (!row) throw new OpsGenieFault(404, 'Heartbeat does not exist.')
  return { data: present(row) }
}

/** As OpsGenie: 202 for every name. What nobody defined is counted and expected by nobody. */
export const ping = async (call: Call) => {
  await pingHeartbeat(call.ctx, { name: nameIn(call) })
  return { result: 'PONG - Heartbeat received' }
}
