/** Lists environments by slug, and shows one; row-level security leaves a contact those of their customer. */
import type { Environment } from '../../../contract/people/environments.ts'
import type { Ctx } from '../../platform/context.ts'
import { read } from '../../platform/record.ts'
import { customerOrFault } from '../customers/find-customer.ts'
import { pageThrough } from '../page-through.ts'
import { environmentOrFault } from './find-environment.ts'
import { presentEnvironment, presentEnvironments } from './present.ts'
import { listEnvironmentRows } from './store.ts'

type Wanted = {
  customer?: string | undefined
  archived?: 'true' | 'false' | undefined
  after?: string | undefined
  limit?: number | undefined
}

export const listEnvironments = (
  ctx: Ctx,
  wanted: Wanted,
): Promise<{ rows: Environment[]; next: string | null }> =>
  read(ctx, async (db) => {
    const customerId = wanted.customer && (await customerOrFault(db, wanted.customer)).id
    const page = await pageThrough(
      wanted.limit,
      (limit) =>
        listEnvironmentRows(db, {
          customerId,
          after: wanted.after,
          archived: wanted.archived === 'true',
          limit,
        }),
      (row) => row.slug,
      (row) => row,
    )
    return { rows: await presentEnvironments(db, page.rows), next: page.next }
  })

export const getEnvironment = (ctx: Ctx, { environment }: { environment: string }): Promise<Environment> =>
  read(ctx, async (db) => presentEnvironment(db, await environmentOrFault(db, environment)))
