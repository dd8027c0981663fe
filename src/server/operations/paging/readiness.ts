/** Whom P1 would wake: everybody who may take pages, judged by what would be sent to them. */
import type { ReadinessRow, readinessRoutes } from '../../../contract/operations/readiness.ts'
import type { ReplyOf } from '../../../contract/route.ts'
import { isProven, WOKE_FOR_MS } from '../../../domain/operations/paging/drill.ts'
import { readinessFor, type Readiness } from '../../../domain/operations/paging/readiness.ts'
import { waysHere } from '../../people/contact-methods/ways.ts'
import { readerOf } from '../../people/accounts/reader.ts'
import type { Ctx, Platform } from '../../platform/context.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { read } from '../../platform/record.ts'
import { appsThatWoke, lastProvenOf } from './drills/drill-store.ts'
import { whoTakesPages } from './drills/start-drill.ts'
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
  const woken = await appsThatWoke(db, accountIds, at - WOKE_FOR_MS)
  return new Map(
    accountIds.map((id) => [
      id,
      readinessFor(rules.get(id)?.rules ?? null, ways.get(id) ?? [], {
        at,
        zone: zones.get(id) ?? 'UTC',
        woken: woken.get(id) ?? new Set(),
      }),
    ]),
  )
}

const rowOf = (
  person: ReadinessRow['person'],
  readiness: Readiness | undefined,
  proven: Pick<ReadinessRow, 'provenAt' | 'proven'>,
): ReadinessRow => {
  if (readiness === undefined || readiness.ready)
    return { person, ready: true, why: null, at: null, ...proven }
  const at = readiness.why === 'rules-let-sleep' ? readiness.at : null
  return { person, ready: false, why: readiness.why, at, ...proven }
}

export const showReadiness = (ctx: Ctx): Promise<ReplyOf<typeof readinessRoutes.showReadiness>> =>
  read(ctx, async (db) => {
    const paged = await whoTakesPages(db)
    const ids = paged.map(({ id }) => id)
    const found = await readinessOf(ctx.platform, db, ids)
    const provenAt = await lastProvenOf(db, ids)
    const now = ctx.platform.clock.now()
    const provenOf = (at: number | null) => ({ provenAt: at, proven: isProven(at, now) })
    return {
      rows: paged.map(({ id, name }) =>
        rowOf({ id, name }, found.get(id), provenOf(provenAt.get(id) ?? null)),
      ),
      ways: waysHere(ctx.platform, await readerOf(db, ctx.actor)),
    }
  })
