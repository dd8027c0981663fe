/** What a machine may read back: the alerts of its own environment, and what became of its own requests. */
import type { opsGenieRoutes } from '../../../contract/compat/opsgenie.ts'
import type { ReplyOf } from '../../../contract/route.ts'
import { parseQuery } from '../../../domain/operations/alerts/query/parse-query.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import { countAlertsIn, findAlertsIn, type AlertOrder } from '../../operations/alerts/environment-store.ts'
import { namesOf } from '../../people/accounts/store.ts'
import { isUuid } from '../../platform/ids.ts'
import { readQuestion } from '../../platform/read-question.ts'
import { read } from '../../platform/record.ts'
import { OpsGenieFault, unusable } from './answer.ts'
import { findNamed, type Call } from './call.ts'
import { peopleOfAlert, presentOpsGenieAlert, presentOpsGenieAlertInFull } from './present-alert.ts'
import { findRequest } from './request-store.ts'
import { addressOf, isDescending, wholeNumber } from './stretch.ts'

/** Without the parts that every answer carries. */
type Content<Name extends keyof typeof opsGenieRoutes> = Omit<
  ReplyOf<(typeof opsGenieRoutes)[Name]>,
  'took' | 'requestId'
>

const MOST_BEYOND = 20_000
const MOST_A_PAGE = 100
const USUAL_A_PAGE = 20

/** An empty query means every alert. A program is nobody: `owner:me` finds none of anybody's. */
const askedIn = ({ query: given, ctx }: Call) => {
  const query = parseQuery(given['query'] ?? '')
  if (isRefusal(query)) throw unusable('query', query.detail)
  return { query, asking: { now: ctx.platform.clock.now(), me: undefined } }
}

const orders: Readonly<Record<string, AlertOrder>> = {
  createdAt: 'openedAt',
  lastOccurredAt: 'lastSeenAt',
  updatedAt: 'lastSeenAt',
  priority: 'priority',
  message: 'message',
  status: 'status',
}

const orderOf = ({ query }: Call): AlertOrder => {
  const order = orders[query['sort'] || 'createdAt']
  if (!order || !Object.hasOwn(orders, query['sort'] || 'createdAt'))
    throw unusable('sort', `sort is one of ${Object.keys(orders).join(', ')}.`)
  return order
}

/** Addresses of the neighbouring pages, with everything else as it was asked. */
const pagingOf = (call: Call, limit: number, offset: number, total: number) => {
  const at = (from: number): string => addressOf(call, { limit, offset: from })
  const last = Math.max(0, Math.ceil(Math.min(total, MOST_BEYOND) / limit) - 1) * limit
  return {
    first: at(0),
    ...(offset > 0 ? { prev: at(Math.max(0, offset - limit)) } : {}),
    ...(offset + limit < total && offset + limit < MOST_BEYOND ? { next: at(offset + limit) } : {}),
    last: at(last),
  }
}

export const listAlerts = async (call: Call): Promise<Content<'listOpsGenieAlerts'>> => {
  const limit = wholeNumber(call, 'limit', USUAL_A_PAGE, [1, MOST_A_PAGE])
  const offset = wholeNumber(call, 'offset', 0, [0, MOST_BEYOND])
  if (offset + limit >= MOST_BEYOND)
    throw unusable('offset', `offset and limit together must be less than ${MOST_BEYOND}.`)
  const asked = askedIn(call)
  const [order, descending] = [orderOf(call), isDescending(call)]
  const { environmentId, keyId } = call.key
  return readQuestion(call.ctx, async (db) => {
    const rows = await findAlertsIn(db, environmentId, { ...asked, order, descending, limit, offset })
    const total = await countAlertsIn(db, environmentId, asked)
    const names = await namesOf(db, rows.flatMap(peopleOfAlert))
    return {
      data: rows.map((row) => presentOpsGenieAlert(row, keyId, names)),
      paging: pagingOf(call, limit, offset, total),
    }
  })
}

export const countAlerts = async (call: Call): Promise<Content<'countOpsGenieAlerts'>> => {
  const asked = askedIn(call)
  const count = await readQuestion(call.ctx, (db) => countAlertsIn(db, call.key.environmentId, asked))
  return { data: { count } }
}

export const alertOrFault = async (call: Call) => {
  const { alert } = await findNamed(call)
  if (!alert) throw new OpsGenieFault(404, 'Alert does not exist.')
  return alert
}

export const getAlert = async (call: Call): Promise<Content<'getOpsGenieAlert'>> => {
  const alert = await alertOrFault(call)
  const names = await read(call.ctx, (db) => namesOf(db, peopleOfAlert(alert)))
  return { data: presentOpsGenieAlertInFull(alert, call.key.keyId, names) }
}

export const getRequest = async (call: Call): Promise<Content<'getOpsGenieRequest'>> => {
  const id = (call.params['requestId'] ?? '').toLowerCase()
  const row = isUuid(id) ? await read(call.ctx, (db) => findRequest(db, call.key.keyId, id)) : undefined
  if (!row)
    throw new OpsGenieFault(404, 'Request not found. It might not be processed, yet.', {
      // OpsGenie's clients poll on while they read this.
      errorType: 'RequestNotProcessed',
    })
  return {
    data: {
      isSuccess: row.success,
      success: row.success,
      action: row.action,
      processedAt: new Date(row.processed_at).toISOString(),
      integrationId: row.key_id,
      status: row.outcome,
      alertId: row.alert_id ?? '',
      alias: row.alias ?? row.alert_id ?? '',
    },
  }
}
