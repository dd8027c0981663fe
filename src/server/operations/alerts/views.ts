/** Saved views of the alert list: a question with its grouping, one's own or everybody's. */
import type { AlertViewEntry, AlertViewReply, alertRoutes } from '../../../contract/operations/alerts.ts'
import type { InputOf, ReplyOf } from '../../../contract/route.ts'
import { readGrouping } from '../../../domain/operations/alerts/grouping.ts'
import { parseQuery } from '../../../domain/operations/alerts/query/parse-query.ts'
import { may } from '../../../domain/people/permissions.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import { sayingWhatExists } from '../../people/unique.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { read, record, type WriteTx } from '../../platform/record.ts'
import { alertViewRemoved, alertViewSaved } from './events.ts'
import { deleteView, lockView, putView, sharedViews, viewsOf, type ViewRow } from './view-store.ts'

const MOST_OWN = 50
const MOST_SHARED = 200

const ownerIn = ({ actor }: Ctx): string => {
  if (actor.kind === 'person') return actor.accountId
  throw new Fault('not-allowed', 'Views are kept by people. Sign in first.')
}

const present = (row: ViewRow, mayShare: boolean): AlertViewReply => ({
  id: row.id,
  slug: row.slug,
  name: row.name,
  query: row.query,
  status: row.status,
  environment: row.environment,
  priority: row.priority as AlertViewReply['priority'],
  groupBy: row.group_by,
  can: { change: row.account_id !== null || mayShare },
})

export const listAlertViews = (ctx: Ctx): Promise<ReplyOf<typeof alertRoutes.listAlertViews>> =>
  read(ctx, async (db) => {
    const share = may(ctx.actor, 'alerts.change')
    const rows = [...(await sharedViews(db)), ...(await viewsOf(db, ownerIn(ctx)))]
    return { rows: rows.map((row) => present(row, share)), can: { share } }
  })

type Fields = Omit<AlertViewEntry, 'slug'>

/** What is wrong with it, by field. */
export const viewFault = ({
  query,
  groupBy,
}: Partial<Fields>): { readonly field: string; readonly detail: string } | undefined => {
  const asked = parseQuery(query ?? '')
  if (isRefusal(asked)) return { field: 'query', detail: asked.detail }
  const keys = groupBy && groupBy !== 'usual' ? readGrouping(groupBy) : []
  return isRefusal(keys) ? { field: 'groupBy', detail: keys.detail } : undefined
}

/** What is left out stays as it was; of a new one it is empty. */
export const changeView = async (
  tx: WriteTx,
  before: ViewRow | undefined,
  whose: Pick<ViewRow, 'account_id' | 'slug'>,
  fields: Fields,
): Promise<ViewRow> => {
  const row: ViewRow = {
    id: before?.id ?? tx.id(),
    ...whose,
    name: fields.name,
    query: fields.query ?? before?.query ?? '',
    status: fields.status ?? before?.status ?? 'not-closed',
    environment: fields.environment === undefined ? (before?.environment ?? null) : fields.environment,
    priority: fields.priority === undefined ? (before?.priority ?? null) : fields.priority,
    group_by: fields.groupBy === undefined ? (before?.group_by ?? null) : fields.groupBy,
    changed_at: tx.now,
  }
  await putView(tx.db, row)
  tx.append(alertViewSaved, {
    stream: row.id,
    body: { slug: row.slug, name: row.name, query: row.query },
  })
  return row
}

export const dropView = async (tx: WriteTx, row: ViewRow): Promise<void> => {
  await deleteView(tx.db, row.id)
  tx.append(alertViewRemoved, { stream: row.id, body: { slug: row.slug, name: row.name } })
}

/** Whole: saving under a name that is there says all of it anew. */
const whole = ({
  name,
  query = '',
  status = 'not-closed',
  environment = null,
  priority = null,
  groupBy = null,
}: Fields) => ({
  name,
  query,
  status,
  environment,
  priority,
  groupBy,
})

export const saveAlertView = async (
  ctx: Ctx,
  { slug, ...fields }: InputOf<typeof alertRoutes.saveAlertView>,
): Promise<AlertViewReply> => {
  const owner = ownerIn(ctx)
  const share = may(ctx.actor, 'alerts.change')
  if (slug !== undefined && !share)
    throw new Fault('not-allowed', 'Views of everybody are kept by who works alerts. Save it as your own.')
  const fault = viewFault(fields)
  if (fault)
    throw new Fault('invalid-input', `Nothing was saved. ${fault.detail}`, {
      errors: [{ path: `body.${fault.field}`, detail: fault.detail }],
    })
  const again = 'Somebody saves a view of this name at this moment. Nothing was saved; do it again.'
  const row = await sayingWhatExists({ alert_views_shared: again }, () =>
    record(ctx, async (tx) => {
      const known = slug === undefined ? await viewsOf(tx.db, owner) : await sharedViews(tx.db)
      const before = known.find((each) =>
        slug === undefined ? each.name === fields.name : each.slug === slug,
      )
      if (!before && known.length >= (slug === undefined ? MOST_OWN : MOST_SHARED))
        throw new Fault('conflict', 'There are too many saved views. Remove one first.')
      const whose = slug === undefined ? { account_id: owner, slug: null } : { account_id: null, slug }
      return changeView(tx, before, whose, whole(fields))
    }),
  )
  return present(row, share)
}

export const removeAlertView = async (ctx: Ctx, { viewId }: { viewId: string }): Promise<{ done: true }> => {
  const owner = ownerIn(ctx)
  await record(ctx, async (tx) => {
    const row = await lockView(tx.db, viewId)
    // That of somebody else does not exist.
    if (!row || (row.account_id !== null && row.account_id !== owner)) throw notFound('This view')
    if (row.account_id === null && !may(ctx.actor, 'alerts.change'))
      throw new Fault('not-allowed', 'Views of everybody are kept by who works alerts. Nothing was removed.')
    return dropView(tx, row)
  })
  return { done: true }
}
