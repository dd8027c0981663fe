/** Events as their senders write them, in either version of the API, brought to one shape. */
import { longestDedupKey } from '../../../domain/operations/alerts/alert-from-pagerduty.ts'
import { isObject } from '../../../domain/operations/alerts/read-labels.ts'
import { readText } from '../../../domain/operations/alerts/sent-text.ts'
import { parseJson } from '../read-body.ts'

export class InvalidEvent extends Error {}
const blank = (field: string): InvalidEvent => new InvalidEvent(`'${field}' is missing or blank`)

type Words = Readonly<Record<string, unknown>>

/** An event whose key, action and name are known. `body` is that of version 2, whichever was sent. */
export type Event = {
  readonly action: 'trigger' | 'acknowledge' | 'resolve'
  readonly secret: string
  readonly dedupKey: string
  readonly body: Words
}

/** What the versions call the same things. */
const fields = {
  2: { secret: 'routing_key', action: 'event_action', name: 'dedup_key' },
  1: { secret: 'service_key', action: 'event_type', name: 'incident_key' },
} as const
export type Version = keyof typeof fields

const wordsOf = (bytes: unknown): Words => {
  const parsed = parseJson(bytes)
  if ('fault' in parsed) throw new InvalidEvent(parsed.fault)
  return (parsed.body ?? {}) as Words
}

const secretIn = (body: Words, field: string): string => {
  const secret = typeof body[field] === 'string' ? body[field].trim() : ''
  if (secret === '') throw blank(field)
  return secret
}

/** Version 1 has no severity: whatever is triggered may wake somebody, unless its details say that it need not. */
const asVersion2 = (body: Words): Words => {
  const given = body['details']
  const details = isObject(given) ? given : typeof given === 'string' ? { details: given } : {}
  const severity = details['severity']
  return {
    payload: {
      summary: body['description'],
      source: body['client'],
      severity: typeof severity === 'string' && severity.trim() !== '' ? severity : 'error',
      custom_details: details,
    },
    client: body['client'],
    client_url: body['client_url'],
    links: body['contexts'],
  }
}

/** @param newName names a trigger that has no name of its own */
export const readEvent = (bytes: unknown, version: Version, newName: () => string): Event => {
  const named = fields[version]
  const given = wordsOf(bytes)
  const secret = secretIn(given, named.secret)
  const action = typeof given[named.action] === 'string' ? (given[named.action] as string).trim() : ''
  const dedupKey = readText(given[named.name], named.name, longestDedupKey, [])
  const body = version === 1 ? asVersion2(given) : given
  switch (action.toLowerCase()) {
    case 'trigger':
      return { action: 'trigger', secret, dedupKey: dedupKey || newName(), body }
    case 'acknowledge':
    case 'resolve':
      if (dedupKey === '') throw blank(named.name)
      return { action: action.toLowerCase() as 'acknowledge' | 'resolve', secret, dedupKey, body }
    default:
      throw new InvalidEvent(`'${named.action}' is none of trigger, acknowledge and resolve`)
  }
}

export type ChangeEvent = { readonly secret: string; readonly body: Words; readonly payload: Words }

export const readChangeEvent = (bytes: unknown): ChangeEvent => {
  const body = wordsOf(bytes)
  const secret = secretIn(body, 'routing_key')
  const payload = body['payload']
  if (!isObject(payload)) throw blank('payload')
  return { secret, body, payload }
}
