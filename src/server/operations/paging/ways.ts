/** The ways by which each person can be told at this moment, and which of them their rules choose. */
import {
  stepsFor,
  type Occasion,
  type PlannedStep,
  type UsableWay,
} from '../../../domain/operations/paging/notification-rules.ts'
import { worksHere } from '../../people/contact-methods/ways.ts'
import type { Platform } from '../../platform/context.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { canMail } from '../../platform/mail.ts'
import { withPush } from './push-store.ts'
import { provenWaysOf, rulesOf, zonesOf } from './ways-store.ts'

/** An account's own address is tried without proof: an unproven mail is better than none. It is no proof of readiness. */
export const waysOf = async (
  platform: Platform,
  db: Db | Tx,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, readonly UsableWay[]>> => {
  const pushed = await withPush(db, accountIds)
  const proven = Map.groupBy(await provenWaysOf(db, accountIds), (way) => way.account_id)
  const mail: UsableWay[] = canMail(platform) ? [{ method: 'email', channel: 'email' }] : []
  return new Map(
    accountIds.map((id) => [
      id,
      [
        ...(pushed.has(id) ? [{ method: 'web-push', channel: 'web-push' } as const] : []),
        ...(proven.get(id) ?? []).flatMap(({ id: method, kind }) =>
          kind !== 'email' && worksHere(platform, kind) ? [{ method, channel: kind }] : [],
        ),
        ...mail,
      ],
    ]),
  )
}

/** What would be sent to one of the people it was made for, in order; whoever has no way has no step. */
export type Planner = (accountId: string, occasion: Occasion) => readonly PlannedStep[]

export const plannerFor = async (
  platform: Platform,
  db: Db | Tx,
  accountIds: readonly string[],
  at: number,
): Promise<Planner> => {
  const ways = await waysOf(platform, db, accountIds)
  const rules = await rulesOf(db, accountIds)
  const zones = await zonesOf(db, accountIds)
  return (id, occasion) =>
    stepsFor(rules.get(id)?.rules ?? null, ways.get(id) ?? [], occasion, { at, zone: zones.get(id) ?? 'UTC' })
}
