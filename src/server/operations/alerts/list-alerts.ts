/** The list of alerts: newest first by keyset, so that page 2,000 costs what page 1 costs. */
import type { AlertReply, alertRoutes } from '../../../contract/operations/alerts.ts'
import type { InputOf } from '../../../contract/route.ts'
import type { Priority } from '../../../domain/operations/alerts/priority.ts'
import { parseQuery } from '../../../domain/operations/alerts/query/parse-query.ts'
import { and, type Query } from '../../../domain/operations/alerts/query/query.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault } from '../../platform/faults.ts'
import { cutPage, DEFAULT_LIMIT, readKeyset } from '../../platform/keyset.ts'
import { readQuestion } from '../../platform/read-question.ts'
import { countAlerts, findAlerts } from './list-store.ts'
import type { Asking } from './query-store.ts'
import type { AlertListRow } from './store.ts'

const personOf = (id: string | null, name: string | null) => (id && name ? { id, name } : null)

export const presentAlert = (row: AlertListRow): AlertReply => ({
  id: row.id,
  environment: { id: row.environment_id, slug: row.environment_slug, name: row.environment_name },
  status: row.status,
  priority: `P${row.priority}` as AlertReply['priority'],
  severity: row.severity,
  name: row.name,
  summary: row.summary,
  groupKey: row.group_key,
  startsAt: row.starts_at,
  openedAt: row.opened_at,
  lastSeenAt: row.last_seen_at ?? row.opened_at,
  count: row.count ?? 1,
  acknowledgedAt: row.acknowledged_at,
  acknowledgedBy: personOf(row.acknowledged_by, row.acknowledged_by_name),
  closedAt: row.closed_at,
  owner: personOf(row.owner_id, row.owner_name),
  snoozedUntil: row.status === 'closed' ? null : row.snoozed_until_at,
  tags: row.tags,
  group: row.labels['group'] ?? null,
  cluster: row.labels['cluster'] ?? null,
})

/** More than this is many: the number is not worth the reading of all of them. */
const MOST_COUNTED = 10_000

export const askingOf = ({ actor, platform }: Ctx): Asking => ({
  now: platform.clock.now(),
  me: actor.kind === 'person' ? actor.accountId : undefined,
})

type Asked = Pick<InputOf<typeof alertRoutes.listAlerts>, 'query' | 'environment' | 'priority'>

/** What is asked in words, and what the other parameters ask. */
const queryOf = ({ query: text, environment, priority }: Asked): Query => {
  const query = parseQuery(text ?? '')
  if (isRefusal(query))
    throw new Fault('invalid-input', query.detail, {
      errors: [{ path: 'query.query', detail: query.detail }],
    })
  const wanted: Query[] = []
  if (environment)
    wanted.push({ kind: 'exact', field: 'environment', wanted: { text: environment, wild: false } })
  if (priority) wanted.push({ kind: 'priority', op: '=', value: Number(priority.slice(1)) as Priority })
  return and(...wanted, query)
}

export const readAsked = (asked: Asked): { readonly query: Query } => ({ query: queryOf(asked) })

export const listAlerts = async (ctx: Ctx, input: InputOf<typeof alertRoutes.listAlerts>) => {
  const limit = input.limit ?? DEFAULT_LIMIT
  const asking = askingOf(ctx)
  const query = queryOf(input)
  return readQuestion(ctx, async (db) => {
    const { rows, lookedTo } = await findAlerts(db, {
      query,
      asking,
      limit: limit + 1,
      ...(input.status ? { status: input.status } : {}),
      ...readKeyset(input.after),
    })
    const { shown, next } = cutPage(rows, limit, (row) => [row.opened_at, row.id])
    const every: Query = { kind: 'all' }
    const counted = (status: 'open' | 'acknowledged') =>
      countAlerts(db, { query: every, asking, status }, MOST_COUNTED)
    const [open, acknowledged] = [await counted('open'), await counted('acknowledged')]
    return {
      rows: shown.map(presentAlert),
      next: next ?? lookedTo?.join('_') ?? null,
      lookedTo: next === null ? (lookedTo?.[0] ?? null) : null,
      counts: { open, acknowledged, most: MOST_COUNTED },
    }
  })
}
