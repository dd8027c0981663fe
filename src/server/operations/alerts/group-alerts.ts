/** The list put together: how many alerts each group has, the worst of them, and the question that finds them. And how many a question finds. */
import type { alertRoutes } from '../../../contract/operations/alerts.ts'
import type { InputOf, ReplyOf } from '../../../contract/route.ts'
import { groupQuery, readGrouping, writtenGroupQuery } from '../../../domain/operations/alerts/grouping.ts'
import type { Priority } from '../../../domain/operations/alerts/priority.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault } from '../../platform/faults.ts'
import { readKeyset } from '../../platform/keyset.ts'
import { readQuestion } from '../../platform/read-question.ts'
import { countFound, findGroups } from './group-store.ts'
import { askingOf, readAsked } from './list-alerts.ts'

type Input = InputOf<typeof alertRoutes.groupAlerts>

const groupingOf = (text: string) => {
  const keys = readGrouping(text)
  if (isRefusal(keys))
    throw new Fault('invalid-input', keys.detail, { errors: [{ path: 'query.by', detail: keys.detail }] })
  return keys
}

export const groupAlerts = async (
  ctx: Ctx,
  input: Input,
): Promise<ReplyOf<typeof alertRoutes.groupAlerts>> => {
  const by = input.by ?? ctx.platform.config.ALERT_GROUPING
  const keys = groupingOf(by)
  const asking = askingOf(ctx)
  const asked = readAsked(input)
  // What the other parameters ask is asked with them again; the group's own question is that of the words.
  const { query: words } = readAsked({ query: input.query })
  return readQuestion(ctx, async (db) => {
    const part = await findGroups(db, {
      ...asked,
      asking,
      keys,
      ...(input.status ? { status: input.status } : {}),
      ...readKeyset(input.after),
    })
    return {
      by: by.split(',').map((name) => name.trim()),
      rows: part.groups.map(({ values, count, acknowledged, priority, newestAt }) => ({
        values,
        query: writtenGroupQuery(groupQuery(words, keys, values)),
        count,
        acknowledged,
        priority: `P${priority as Priority}` as const,
        newestAt,
      })),
      looked: part.looked,
      left: part.left,
      lookedTo: part.lookedTo?.[0] ?? null,
      next: part.lookedTo?.join('_') ?? null,
    }
  })
}

/** More are not looked at for a number. */
const MOST_LOOKED_AT = 100_000

export const countAlertsFound = (
  ctx: Ctx,
  input: InputOf<typeof alertRoutes.countAlerts>,
): Promise<ReplyOf<typeof alertRoutes.countAlerts>> => {
  const by = { ...readAsked(input), asking: askingOf(ctx), ...(input.status ? { status: input.status } : {}) }
  return readQuestion(ctx, (db) => countFound(db, by, MOST_LOOKED_AT))
}
