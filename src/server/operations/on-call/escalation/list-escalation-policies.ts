/** Policies by slug. */
import type { PolicyReply } from '../../../../contract/operations/on-call.ts'
import { may } from '../../../../domain/people/permissions.ts'
import { pageThrough } from '../../../people/page-through.ts'
import type { Ctx } from '../../../platform/context.ts'
import { notFound } from '../../../platform/faults.ts'
import { read } from '../../../platform/record.ts'
import { presentPolicies } from './present.ts'
import { findPolicy, pageOfPolicies } from './store.ts'

type Asked = { limit?: number | undefined; after?: string | undefined; archived?: string | undefined }

export const listEscalationPolicies = (ctx: Ctx, { limit, after, archived }: Asked) =>
  read(ctx, async (db) => {
    const { rows, next } = await pageThrough(
      limit,
      (most) => pageOfPolicies(db, { limit: most, after, archived: archived === 'true' }),
      ({ slug }) => slug,
      (policy) => policy,
    )
    return {
      rows: await presentPolicies(db, rows, ctx.actor, ctx.platform.clock.now()),
      next,
      can: { create: may(ctx.actor, 'on-call.change') },
    }
  })

export const getEscalationPolicy = (ctx: Ctx, { policy: name }: { policy: string }): Promise<PolicyReply> =>
  read(ctx, async (db) => {
    const policy = await findPolicy(db, name)
    const [row] = await presentPolicies(db, policy ? [policy] : [], ctx.actor, ctx.platform.clock.now())
    if (!row) throw notFound('This escalation policy')
    return row
  })
