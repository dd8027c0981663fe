/** Did it wake you? Whoever a drill reached on an app says which of them made a sound they would wake by. */
import type { DrillDetailReply, drillRoutes } from '../../../../contract/operations/drills.ts'
import type { InputOf } from '../../../../contract/route.ts'
import { refuse } from '../../../../domain/refusal.ts'
import { ownStaffId } from '../../../people/contact-methods/contact-methods.ts'
import type { Ctx } from '../../../platform/context.ts'
import { notFound, refused } from '../../../platform/faults.ts'
import { record } from '../../../platform/record.ts'
import { findPageIntents } from '../intent-store.ts'
import { isApp } from './apps.ts'
import { lockDrill, putAnswers } from './drill-store.ts'
import { drillAnswered } from './events.ts'
import { getDrill } from './read-drills.ts'

export const answerDrill = async (
  ctx: Ctx,
  { drillId, woke }: InputOf<typeof drillRoutes.answerDrill>,
): Promise<DrillDetailReply> => {
  const account = ownStaffId(ctx)
  await record(ctx, async (tx) => {
    const row = await lockDrill(tx.db, drillId)
    if (!row) throw notFound('This drill')
    const intents = row.page_id === null ? [] : await findPageIntents(tx.db, row.page_id)
    const reached = new Set(
      intents
        .filter((each) => each.account_id === account && each.status === 'sent' && isApp(each.channel))
        .map(({ method_id }) => method_id ?? 'web-push'),
    )
    if (reached.size === 0 || woke.some((method) => !reached.has(method)))
      throw refused(
        refuse('app-not-reached', 'This drill did not reach you on that app: it can say nothing about it.'),
      )
    const apps = [...reached].map((method) => ({ method, woke: woke.includes(method) }))
    await putAnswers(
      tx.db,
      apps.map((app) => ({ drill_id: row.id, account_id: account, answered_at: tx.now, ...app })),
    )
    return tx.append(drillAnswered, {
      stream: row.id,
      customerId: row.customer_id,
      environmentId: row.environment_id,
      refs: [['account', account]],
      body: { account, apps },
    })
  })
  return getDrill(ctx, { drillId })
}
