/** Somebody pages somebody by hand: a sentence, an environment and whom. It becomes an alert, so that it can be worked like any other. */
import type { pageRoutes } from '../../../contract/operations/pages.ts'
import type { InputOf } from '../../../contract/route.ts'
import type { EscalationTarget } from '../../../domain/operations/paging/escalation-policy.ts'
import { environmentNamed } from '../../people/environments/find-environment.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { read, record } from '../../platform/record.ts'
import { calledOut } from './events.ts'
import { getPage } from './read-pages.ts'
import { findPageOfAlert } from './store.ts'

const PRIORITY = { P1: 1, P2: 2, P3: 3, P4: 4, P5: 5 } as const

/** A chain opens the alert and the page in the same transaction, and refuses whom nobody is. */
export const callOut = async (ctx: Ctx, input: InputOf<typeof pageRoutes.callOut>) => {
  const { environment, text, priority = 'P1', policy, target } = input
  if ((policy === undefined) === (target === undefined))
    throw new Fault('invalid-input', 'Say whom to page: a policy or a target, one of them. Nobody was paged.')
  const alert = await record(ctx, async (tx) => {
    const place = await environmentNamed(tx.db, environment)
    const id = tx.id()
    tx.append(calledOut, {
      stream: id,
      customerId: place.customer_id,
      environmentId: place.id,
      refs: [['alert', id]],
      body: {
        alert: id,
        text,
        priority: PRIORITY[priority],
        policy: policy ?? null,
        target: (target as EscalationTarget | undefined) ?? null,
      },
    })
    return id
  })
  const pageId = await read(ctx, (db) => findPageOfAlert(db, alert))
  if (!pageId) throw notFound('This page')
  return getPage(ctx, { pageId })
}
