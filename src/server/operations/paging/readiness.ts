/** Whom P1 would wake: everybody who may take pages, judged by what would be sent to them. */
import type { ReadinessRow, readinessRoutes } from '../../../contract/operations/readiness.ts'
import type { ReplyOf } from '../../../contract/route.ts'
import { readinessFor, type Readiness } from '../../../domain/operations/paging/readiness.ts'
import { isRole, may } from '../../../domain/people/permissions.ts'
import { waysHere } from '../../people/contact-methods/ways.ts'
import { readerOf } from '../../people/accounts/reader.ts'
import type { Ctx, Platform } from '../../platform/context.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { read } from '../../platform/record.ts'
import { staffNow } from './recipient-store.ts'
import { waysOf } from './ways.ts'
import { rulesOf, zonesOf } from './ways-store.ts'

/** By account: what other areas and the web show in red. */
export const readinessOf = async (
  platform: Platform,
  db: Db | Tx,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, Readiness>> => {
  const ways = await waysOf(platform, db, accountIds)
  const rules = await rulesOf(db, accountIds)
  const zones = await zonesOf(db, accountIds)
  const at = platform.clock.now()
  return new Map(
    accountIds.map((id) => [
      id,
      readinessFor(rules.get(id)?.rules ?? null, ways.get(id) ?? [], { at, zone: zones.get(id) ?? 'UTC' }),
    ]),
  )
}

const rowOf = (person: ReadinessRow['person'], readiness: Readiness | undefined): ReadinessRow => {
  if (readiness === undefined || readiness.ready) return { person, ready: true, why: null, at: null }
  const at = readiness.why === 'rules-let-sleep' ? readiness.at : null
  return { person, ready: false, why: readiness.why, at }
}

export const showReadiness = (ctx: Ctx): Promise<ReplyOf<typeof readinessRoutes.showReadiness>> =>
  read(ctx, async (db) => {
    const paged = (await staffNow(db)).filter(({ roles }) =>
      may({ kind: 'person', roles: roles.filter(isRole) }, 'pages.acknowledge'),
    )
    const found = await readinessOf(
      ctx.platform,
      db,
      paged.map(({ id }) => id),
    )
    return {
      rows: paged.map(({ id, name }) => rowOf({ id, name }, found.get(id))),
      ways: waysHere(ctx.platform, await readerOf(db, ctx.actor)),
    }
  })
