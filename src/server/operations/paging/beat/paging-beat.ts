/** Shows that the engine claims pages when they are due: a task of their lane that does nothing but say so, and looks at duty now and then. */
import { checkDuty, type DutyFinding, type DutyNow } from '../../../../domain/operations/paging/duty-check.ts'
import { isProven } from '../../../../domain/operations/paging/drill.ts'
import type { Ctx, Platform } from '../../../platform/context.ts'
import type { Db } from '../../../platform/database.ts'
import { defineRecurring } from '../../../platform/tasks/recurring.ts'
import { allPolicies, findColleagues, loadSchedules, whoIsOnCallNow } from '../../on-call/index.ts'
import { lastProvenOf } from '../drills/drill-store.ts'
import { waysOf } from '../ways.ts'
import { findBeat, putBeat } from './beat-store.ts'

const BEAT_EVERY_MS = 10_000
const CHECK_EVERY_MS = 60_000

/** Rotas that nobody's page goes to may have whatever gaps they like. */
const relied = async (db: Db): Promise<string[]> => {
  const policies = (await allPolicies(db)).filter(({ archivedAt }) => archivedAt === null)
  const targets = policies.flatMap(({ steps, fallback }) => [
    ...steps.flatMap((step) => step.targets),
    ...fallback,
  ])
  return [...new Set(targets.flatMap((target) => (target.kind === 'schedule' ? [target.id] : [])))]
}

const dutiesNow = async (db: Db, now: number): Promise<DutyNow[]> => {
  const ids = await relied(db)
  const names = new Map((await loadSchedules(db, ids, now)).map(({ id, name }) => [id, name]))
  const duties: DutyNow[] = []
  for (const id of ids) {
    const onCall = await whoIsOnCallNow(db, id, now)
    const accounts = onCall.kind === 'people' ? onCall.people.map(({ accountId }) => accountId) : []
    const known = await findColleagues(db, accounts)
    duties.push({
      id,
      name: names.get(id) ?? id,
      nobody: onCall.kind === 'nobody' ? onCall.reason : null,
      people: accounts.map((account) => ({ id: account, name: known.get(account)?.name ?? account })),
    })
  }
  return duties
}

/** The account's own mail counts once a page was taken lately: nothing else proves it. */
const reachableOf = async (platform: Platform, db: Db, ids: readonly string[], now: number) => {
  const ways = await waysOf(platform, db, ids)
  const proven = await lastProvenOf(db, ids)
  return new Set(
    ids.filter(
      (id) =>
        (ways.get(id) ?? []).some(({ method }) => method !== 'email') ||
        isProven(proven.get(id) ?? null, now),
    ),
  )
}

const look = async (
  { platform }: Ctx,
  now: number,
  before: readonly DutyFinding[],
): Promise<readonly DutyFinding[]> => {
  const { db } = platform.database
  const duties = await dutiesNow(db, now)
  const ids = [...new Set(duties.flatMap(({ people }) => people.map(({ id }) => id)))]
  return checkDuty(duties, await reachableOf(platform, db, ids, now), before, now)
}

export const pagingBeat = defineRecurring('paging.beat', {
  lane: 'page',
  everyMs: BEAT_EVERY_MS,
  run: async (ctx) => {
    const { platform, log } = ctx
    const { db } = platform.database
    const now = platform.clock.now()
    const last = await findBeat(db)
    const isDue = last === undefined || last.checked_at + CHECK_EVERY_MS <= now
    const found = isDue
      ? await look(ctx, now, (last?.findings ?? []) as readonly DutyFinding[]).catch((error: Error) => {
          // A beat is owed whatever became of the look.
          log.warn({ err: error.message }, 'duty could not be checked')
          return undefined
        })
      : undefined
    await putBeat(db, now, found)
  },
})
