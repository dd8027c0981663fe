/** Puts somebody, or on purpose nobody, on call for a while, whatever the layers say. */
import type { OverrideReply, ScheduleFindingReply } from '../../../contract/operations/on-call.ts'
import { MOST_TIMELINE_DAYS } from '../../../contract/operations/on-call.ts'
import type { Override } from '../../../domain/operations/on-call/schedule.ts'
import { isRefusal, refuse, type Refusal } from '../../../domain/refusal.ts'
import { day } from '../../../domain/time/instant.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault, notFound, refused } from '../../platform/faults.ts'
import { record, type WriteTx } from '../../platform/record.ts'
import { withAbsences } from './away/with-absences.ts'
import { peopleOf, type StoredSchedule } from './definition.ts'
import { findingsOf, mayAcknowledge } from './findings.ts'
import { refuseArchived } from './find-schedule.ts'
import { presentOverride } from './present.ts'
import { findColleagues, lockSchedule, type Colleague } from './store.ts'
import { storeOverride } from './store-override.ts'

/** More than a year of a swap a day; the work of a question grows with the overrides ahead. */
const MOST_OVERRIDES_AHEAD = 400

type Wanted = {
  readonly accountId: string | null
  readonly from: number
  readonly to: number
  readonly rotationIds?: readonly string[] | undefined
  readonly reason?: string | undefined
}

/** An override may begin in the past (somebody took over an hour ago and says so now), but what is over was as it was. */
const decideStretch = ({ from, to }: Wanted, ahead: number, now: number): Refusal | null => {
  if (to <= from) return refuse('override-empty', 'An override must end after it begins.')
  if (to <= now)
    return refuse('override-over', 'This override would be over already: it must end in the future.')
  if (to - from > MOST_TIMELINE_DAYS * day)
    return refuse(
      'override-too-long',
      `An override lasts at most ${MOST_TIMELINE_DAYS} days. Change the rota instead.`,
    )
  if (ahead >= MOST_OVERRIDES_AHEAD)
    return refuse(
      'too-many-overrides',
      `A schedule has at most ${MOST_OVERRIDES_AHEAD} overrides ahead. Change the rota instead.`,
    )
  return null
}

/** @throws Fault for whoever cannot be put on call */
export const checkPerson = (person: Colleague | undefined, path = 'body.accountId'): void => {
  const detail =
    person === undefined
      ? 'no member of staff has this id'
      : person.archived
        ? `${person.name} is archived and cannot be put on call`
        : mayAcknowledge(person)
          ? undefined
          : `${person.name} has no role that may acknowledge a page`
  if (detail)
    throw new Fault('invalid-input', `Nothing was changed. ${path}: ${detail}.`, {
      errors: [{ path, detail }],
    })
}

const checkRotations = (stored: StoredSchedule, rotationIds: readonly string[] = []): void => {
  const errors = rotationIds.flatMap((id, place) =>
    stored.rules.layers.some((layer) => layer.id === id)
      ? []
      : [{ path: `body.rotationIds.${place}`, detail: `${stored.name} has no rotation ${id}` }],
  )
  const [first] = errors
  if (first)
    throw new Fault('invalid-input', `Nothing was changed. ${first.path}: ${first.detail}.`, { errors })
}

type Answer = { override: OverrideReply; findings: ScheduleFindingReply[] }

const add = async (tx: WriteTx, name: string, wanted: Wanted): Promise<Answer> => {
  const stored = await lockSchedule(tx.db, name, Math.min(wanted.from, tx.now))
  if (!stored) throw notFound('This schedule')
  refuseArchived(stored)
  const { accountId, from, to, rotationIds, reason } = wanted
  checkRotations(stored, rotationIds)
  const ahead = stored.rules.overrides.filter((override) => override.to > tx.now).length
  const answer = decideStretch(wanted, ahead, tx.now)
  if (isRefusal(answer)) throw refused(answer)
  const { actor } = tx.ctx
  const actorId = actor.kind === 'person' ? actor.accountId : null
  const colleagues = await findColleagues(tx.db, [...peopleOf(stored.rules), accountId, actorId])
  if (accountId !== null) checkPerson(colleagues.get(accountId))

  const scope = rotationIds === undefined ? {} : { rotationIds: [...new Set(rotationIds)] }
  const override: Override = { id: tx.id(), accountId, from, to, ...scope }
  await storeOverride(tx, stored.id, override, { reason })
  const [{ rules: before } = stored] = await withAbsences(tx.db, [stored], tx.now)
  const rules = { ...before, overrides: [...before.overrides, override] }
  const row = {
    ...override,
    addedAt: tx.now,
    addedBy: actorId,
    reason: reason ?? null,
    swapId: null,
    removedAt: null,
  }
  return {
    override: presentOverride(row, colleagues, true, tx.now),
    findings: findingsOf(rules, colleagues, { from, to }),
  }
}

/** Overlapping another override is allowed, the later one wins, and the reply says so as a finding. */
export const addOverride = (ctx: Ctx, input: Wanted & { schedule: string }): Promise<Answer> =>
  record(ctx, (tx) => add(tx, input.schedule, input))
